import pytest

from tuiflow import Parallel, Step, StepInput, Workflow
from tuiflow.errors import StepFailedError
from tuiflow.model.run_state import RunState
from tuiflow.tui.widgets.tree_filter import decisive_failure


@pytest.mark.parametrize("is_beside", [True, False], ids=["beside", "in_a_row"])
async def test_a_run_failed_of_one_step_also_where_it_went_on_after_others(is_beside: bool):
    def fail(step_input: StepInput) -> None:
        raise KeyError(step_input.input)

    def fail_for_good(step_input: StepInput) -> None:
        raise ValueError("no rates")

    spare = [Step(name=name, executor=fail, on_error="skip") for name in ("first", "second")]
    last = Step(name="publish", executor=fail_for_good)
    steps = [Parallel(*spare, last, name="all")] if is_beside else [*spare, last]
    workflow = Workflow(name="nightly", db=False, steps=steps)
    with pytest.raises(StepFailedError):
        await workflow.arun("EUR")

    found = decisive_failure(RunState().after(workflow.run_response.events))

    assert found is not None
    assert found.endswith("/publish")


def test_a_run_without_failures_failed_of_nothing():
    workflow = Workflow(name="nightly", db=False, steps=[lambda step_input: 1])
    workflow.run()

    assert decisive_failure(RunState().after(workflow.run_response.events)) is None
