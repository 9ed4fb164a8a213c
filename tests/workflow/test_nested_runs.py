"""Nested runs by their own ids, with a database and without one."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from tuiflow import RunContext, Step, StepInput, Steps, Workflow
from tuiflow.errors import NestedRunError
from tuiflow.model.status import Status


class Order(BaseModel):
    count: int


def double(step_input: StepInput) -> Order:
    return Order(count=step_input.input.count * 2)


@pytest.fixture(params=["stored", "in memory"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Path | bool:
    return tmp_path / "tuiflow.db" if request.param == "stored" else False


def test_a_nested_run_is_read_by_its_id_and_belongs_to_its_root(db: Path | bool):
    inner = Workflow(name="inner", steps=[Step(name="double", executor=double)])
    workflow = Workflow(name="w", steps=[Steps(name="s", steps=[inner])], db=db)

    output = workflow.run(Order(count=1))

    nested_run_id = next(e.nested_run_id for e in output.events if e.nested_run_id)
    nested = workflow.get_run(nested_run_id)
    assert nested is not None
    assert (nested.workflow_name, nested.parent_run_id) == ("inner", output.run_id)
    assert (nested.status, nested.input, nested.content) == (
        *(Status.COMPLETED, Order(count=1)),
        Order(count=2),
    )
    assert (nested.session_id, nested.error) == (output.session_id, None)
    assert [step.step_name for step in nested.step_results] == ["double"]
    assert list(nested.metrics.steps) == ["double"]
    assert [event.kind for event in nested.events] == [
        *("WorkflowStarted", "StepStarted", "StepCompleted", "WorkflowCompleted"),
    ]
    with pytest.raises(NestedRunError, match=f"it belongs to run {output.run_id}"):
        workflow.cancel_run(nested_run_id)


def test_each_try_of_a_nested_workflow_is_read_as_it_ended(db: Path | bool):
    def second_time(step_input: StepInput, run_context: RunContext) -> str:
        tries.append(run_context.run_id)
        return "made" if len(tries) > 1 else str(1 / 0)

    tries: list[str] = []
    inner = Workflow(name="inner", steps=[second_time])
    workflow = Workflow(name="w", steps=[Step(workflow=inner, max_retries=1)], db=db)

    workflow.run()

    runs = [workflow.get_run(run_id) for run_id in tries]
    told = [(run.status, run.content, run.error) for run in runs if run is not None]
    assert told == [
        (Status.ERROR, None, "ZeroDivisionError: division by zero"),
        (Status.COMPLETED, "made", None),
    ]


@pytest.mark.parametrize("before", ["x", "x" * 100_000], ids=["short", "long"])
def test_its_input_is_read_as_it_was_given(db: Path | bool, before: str):
    inner = Workflow(name="inner", steps=[lambda s: len(s.input)])
    workflow = Workflow(name="w", steps=[lambda s: before, inner], db=db)

    output = workflow.run("go")

    nested_run_id = next(e.nested_run_id for e in output.events if e.nested_run_id)
    nested = workflow.get_run(nested_run_id)
    assert nested is not None
    assert (nested.input, nested.content, output.input) == (before, len(before), "go")
