import json
import sqlite3
from pathlib import Path

import pytest

from tuiflow import Step, StepInput, Workflow, WorkflowRunEvent
from tuiflow.errors import DefinitionError
from tuiflow.model.events import CHATTER_KINDS, StepLogEvent
from tuiflow.store import EventQuery, SqliteDb, open_store


@pytest.fixture(params=["stored", "in memory"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Path | bool:
    return tmp_path / "tuiflow.db" if request.param == "stored" else False


def speak(step_input: StepInput, run_context) -> object:
    run_context.log("said")
    return step_input.input


WHOLE = ["WorkflowStarted", "StepStarted", "StepLog", "StepCompleted", "WorkflowCompleted"]


def test_events_are_stored_by_default(db: Path | bool):
    workflow = Workflow(name="w", steps=[speak], db=db)

    output = workflow.run(1)

    assert [event.event for event in output.events] == WHOLE
    assert workflow.run_response is not None
    assert workflow.run_response.events == output.events


def test_a_skipped_lifecycle_kind_is_hidden_from_the_runs_events(db: Path | bool):
    skip = [WorkflowRunEvent.step_started, WorkflowRunEvent.workflow_started]
    workflow = Workflow(name="w", steps=[speak], db=db, events_to_skip=skip)

    output = workflow.run(1)
    kept = workflow.get_run(output.run_id)

    shown = ["StepLog", "StepCompleted", "WorkflowCompleted"]
    assert [event.event for event in output.events] == shown
    assert kept is not None
    assert [event.event for event in kept.events] == shown
    # The tree and the times stand on what is hidden.
    assert kept.step_results[0].content == 1
    assert kept.metrics.steps["speak"].duration is not None


def test_a_skipped_kind_is_still_streamed_where_it_is_kept(db: Path | bool):
    workflow = Workflow(name="w", steps=[speak], db=db, events_to_skip=["StepStarted"])

    assert [event.event for event in workflow.run(1, stream=True)] == WHOLE


def test_skipped_chatter_is_dropped_before_it_gets_a_seq(db: Path | bool):
    workflow = Workflow(name="w", steps=[speak], db=db, events_to_skip=[StepLogEvent])

    output = workflow.run(1)

    assert [(event.seq, event.event) for event in output.events] == [
        *((1, "WorkflowStarted"), (2, "StepStarted")),
        *((3, "StepCompleted"), (4, "WorkflowCompleted")),
    ]


def test_store_events_false_hides_and_drops_all(db: Path | bool):
    workflow = Workflow(name="w", steps=[speak], db=db, store_events=False)

    output = workflow.run(1)
    kept = workflow.get_run(output.run_id)

    assert output.events == []
    assert kept is not None
    assert (kept.events, kept.content, kept.step_results[0].content) == ([], 1, 1)


async def test_the_browser_hides_skipped_kinds_unless_all_are_asked_for(tmp_path: Path):
    db = SqliteDb(tmp_path / "x.db")
    workflow = Workflow(name="w", steps=[speak], db=db, store_events=False)

    output = await workflow.arun(1)
    other = await Workflow(name="other", steps=[speak], db=db).arun(2)

    async with open_store(db) as store:
        shown = await store.list_events(EventQuery())
        everything = await store.list_events(EventQuery(with_hidden=True))
        of_run = await store.list_events(EventQuery(run_id=output.run_id))
    assert {event.run_id for event in shown} == {other.run_id}
    assert of_run == []
    hidden = [event.event for event in everything if event.run_id == output.run_id]
    assert hidden == [kind for kind in WHOLE if kind not in CHATTER_KINDS]


def test_the_runs_column_of_workflow_sessions_has_the_runs_and_what_is_shown_of_their_events(
    tmp_path: Path,
):
    skip = [WorkflowRunEvent.step_started]
    workflow = Workflow(name="w", steps=[speak], db=tmp_path / "x.db", events_to_skip=skip)

    first = workflow.run("one", session_id="s", user_id="ann", metadata={"k": 1})
    workflow.run("two", session_id="s")
    workflow.run("elsewhere", session_id="t")

    query = "SELECT runs FROM workflow_sessions WHERE session_id = 's'"
    connection = sqlite3.connect(tmp_path / "x.db")
    runs = json.loads(connection.execute(query).fetchone()[0])
    connection.close()
    assert [run["content"]["value"] for run in runs] == ["one", "two"]
    assert runs[0]["run_id"] == first.run_id
    assert (runs[0]["user_id"], runs[0]["workflow_id"]) == ("ann", "w")
    assert runs[0]["metadata"]["value"] == {"k": 1}
    kinds = [event["event"] for event in runs[0]["events"]]
    assert kinds == [kind for kind in WHOLE if kind != "StepStarted"]
    assert runs[0]["events"][1] == {
        "event": "StepLog",
        "seq": 3,
        "at": first.events[1].at,
        "node_path": "w/speak",
        "text": "said",
    }


def test_what_is_no_kind_of_event_cannot_be_skipped():
    with pytest.raises(DefinitionError, match="takes members of WorkflowRunEvent, not 'Begun'"):
        Workflow(name="w", steps=[Step(name="s", executor=speak)], events_to_skip=["Begun"])
