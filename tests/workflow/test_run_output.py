import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from tuiflow import (
    Loop,
    Parallel,
    RunContext,
    RunStatus,
    Step,
    StepInput,
    StepOutput,
    Workflow,
    WorkflowRunOutput,
)
from tuiflow.errors import StepFailedError


class Order(BaseModel):
    count: int


@pytest.fixture(params=["stored", "in memory"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Path | bool:
    return tmp_path / "tuiflow.db" if request.param == "stored" else False


def make(step_input: StepInput) -> Order:
    return Order(count=3)


def measured(step_input: StepInput) -> StepOutput:
    return StepOutput(content={"when": datetime(2026, 1, 2, tzinfo=UTC)}, metrics={"tokens": 7})


def rich_workflow(db: Path | bool) -> Workflow:
    steps = [make, Parallel(make, measured, name="both"), Loop(steps=[measured], name="again")]
    return Workflow(name="w", id="the-id", steps=steps, db=db)


def test_a_run_output_has_every_field(db: Path | bool):
    output = rich_workflow(db).run(
        "go", session_id="s", user_id="ann", metadata={"k": 1}, additional_data={"a": 2}
    )

    assert (output.session_id, output.user_id, output.parent_run_id) == ("s", "ann", None)
    assert (output.workflow_id, output.workflow_name) == ("the-id", "w")
    assert (output.status, output.input, output.error) == (RunStatus.COMPLETED, "go", None)
    assert (output.metadata, output.additional_data) == ({"k": 1}, {"a": 2})
    assert output.content == {"when": datetime(2026, 1, 2, tzinfo=UTC)}
    assert output.content_type == "dict"
    assert [result.step_name for result in output.step_results] == ["make", "both", "again"]
    assert [inside.step_name for inside in output.step_results[1].steps] == ["make", "measured"]
    assert output.created_at <= (output.started_at or 0) <= (output.ended_at or 0)
    assert output.has_completed()
    assert not output.is_cancelled
    assert '"when"' in output.get_content_as_string()


def test_metrics_have_the_durations_per_step_and_total(db: Path | bool):
    metrics = rich_workflow(db).run().metrics

    assert set(metrics.steps) >= {"make", "both/measured", "again[2]/measured"}
    durations = [step.duration for step in metrics.steps.values()]
    assert all(duration is not None and duration >= 0 for duration in durations)
    assert metrics.duration is not None
    assert metrics.duration >= (metrics.steps["both"].duration or 0)


def test_a_run_output_survives_the_way_through_a_dict(db: Path | bool):
    output = rich_workflow(db).run(Order(count=1), metadata={"k": 1})

    given = json.loads(json.dumps(output.to_dict()))
    again = WorkflowRunOutput.from_dict(given)

    assert again.to_dict() == output.to_dict()
    assert again.input == Order(count=1)
    assert (again.content, again.metrics) == (output.content, output.metrics)
    assert again.step_results == output.step_results
    assert again.events == output.events


def test_a_kept_run_is_the_one_that_was_given(db: Path | bool):
    workflow = rich_workflow(db)
    output = workflow.run("go", session_id="s", user_id="ann", metadata={"k": 1})

    kept = workflow.get_run(output.run_id)

    assert kept is not None
    assert kept.to_dict() == output.to_dict()


def test_a_failed_run_has_its_error_and_survives_a_dict(db: Path | bool):
    def fail(step_input: StepInput) -> None:
        raise KeyError("EUR")

    workflow = Workflow(name="w", steps=[make, fail], db=db)
    with pytest.raises(StepFailedError):
        workflow.run()

    assert workflow.run_response is not None
    assert workflow.run_response.error == "KeyError: 'EUR'"
    again = WorkflowRunOutput.from_dict(workflow.run_response.to_dict())
    assert again.failure == workflow.run_response.failure
    assert again.to_dict() == workflow.run_response.to_dict()


def test_what_a_run_is_given_passes_through_to_its_steps(db: Path | bool):
    def look(step_input: StepInput, run_context: RunContext) -> list[object]:
        return [
            *(run_context.session_id, run_context.user_id, run_context.workflow_id),
            *(run_context.metadata, run_context.dependencies),
        ]

    own = {"metadata": {"m": 1}, "dependencies": {"d": 1}, "user_id": "own", "session_id": "own"}
    workflow = Workflow(name="w", id="i", steps=[look], db=db, **own)

    assert workflow.run().content == ["own", "own", "i", {"m": 1}, {"d": 1}]
    other = workflow.run(
        metadata={"m": 2}, dependencies={"d": 2}, user_id="ann", session_id="s", run_id="r"
    )
    assert other.content == ["s", "ann", "i", {"m": 2}, {"d": 2}]
    assert other.run_id == "r"


def test_a_runs_metadata_and_dependencies_stand_over_those_of_its_workflow(db: Path | bool):
    def look(run_context: RunContext) -> list[object]:
        return [run_context.metadata, run_context.dependencies]

    own = {"metadata": {"a": 1, "b": 1}, "dependencies": {"c": 1, "d": 1}}
    workflow = Workflow(name="w", steps=[look], db=db, **own)

    given = workflow.run(metadata={"b": 2}, dependencies={"d": 2})

    assert given.content == [{"a": 1, "b": 2}, {"c": 1, "d": 2}]
    assert given.metadata == {"a": 1, "b": 2}
    assert workflow.run().content == [{"a": 1, "b": 1}, {"c": 1, "d": 1}]


def test_without_a_session_id_the_runs_of_an_object_are_one_session(db: Path | bool):
    workflow = Workflow(name="w", steps=[make], db=db)

    first, second = workflow.run(), workflow.run()

    assert first.session_id
    assert first.session_id == second.session_id == workflow.session_id


def test_every_event_says_which_run_and_session_it_is_of(db: Path | bool):
    output = Workflow(name="w", steps=[make], db=db).run(session_id="ann")

    said = {(event.run_id, event.session_id) for event in output.events}
    assert said == {(output.run_id, "ann")}


def test_what_has_no_use_here_is_accepted_and_named_once(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO, "tuiflow"):
        workflow = Workflow(name="w", steps=[make], db=False, telemetry=False, debug_mode=True)
        workflow.run(debug_mode=True, show_time=True)
        workflow.run(show_time=True)

    assert [record.getMessage() for record in caplog.records] == [
        "Workflow 'w': debug_mode, telemetry does nothing here",
        "Workflow 'w': show_time does nothing here",
    ]
    with pytest.raises(TypeError, match="has no option 'colour'"):
        workflow.run(colour="red")  # type: ignore[call-arg]


def test_a_step_may_be_named_as_its_workflow_and_metrics_stay_apart(db: Path | bool):
    output = Workflow(name="w", steps=[Step(name="w", executor=make)], db=db).run()

    assert set(output.metrics.steps) == {"w"}


@pytest.mark.parametrize("status", sorted(set(RunStatus) - {RunStatus.SKIPPED, RunStatus.REUSED}))
def test_a_run_has_completed_when_it_is_completed_failed_cancelled_or_crashed(status: RunStatus):
    output = replace(Workflow(name="w", db=False, steps=[lambda: 1]).run(), status=status)

    final = {"completed", "error", "cancelled", "crashed"}
    assert output.has_completed() is (status.value in final)
    assert output.is_cancelled is (status is RunStatus.CANCELLED)
