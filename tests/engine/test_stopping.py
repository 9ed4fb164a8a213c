"""A stop ends the run early, from every depth, with what did not run shown as skipped."""

import pytest

from tests.engine.composites import WITH_PARALLEL, give
from tests.engine.running import Ran, run_steps
from tuiflow.engine import NestedWorkflow, StepInput, StepOutput, Steps, WorkflowDefinition

DEEP = {name: make for name, make in WITH_PARALLEL.items() if name != "workflow"}


async def stop(step_input: StepInput) -> StepOutput:
    return StepOutput(content="enough", stop=True)


def statuses(ran: Ran) -> dict[str, str]:
    return {path: node.status.value for path, node in ran.state.nodes.items()}


@pytest.mark.parametrize("inner", DEEP)
@pytest.mark.parametrize("outer", DEEP)
async def test_stop_ends_the_run_from_every_depth(outer: str, inner: str):
    made = DEEP[outer](DEEP[inner](give("before", 1), stop, give("never", 2)), give("nor", 3))
    ran = await run_steps(made, give("after", 4))

    assert ran.content == "enough"
    assert ran.state.status == "completed"
    assert statuses(ran)["w/after"] == "skipped"
    never = {path: each for path, each in statuses(ran).items() if path.endswith(("never", "nor"))}
    assert set(never.values()) == {"skipped"}
    assert len(never) >= 2


async def test_a_stop_inside_a_nested_workflow_ends_only_that_one():
    inner = NestedWorkflow(WorkflowDefinition("inner", Steps(steps=[stop, give("never", 1)])))
    ran = await run_steps(Steps(name="s", steps=[inner]), give("after", 2))

    assert ran.content == 2
    assert statuses(ran)["w/s/inner/never"] == "skipped"
    assert statuses(ran)["w/after"] == "completed"
