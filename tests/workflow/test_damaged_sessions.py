import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.workflow.session_steps import count, made
from tuiflow import RunStatus, StepInput, Workflow
from tuiflow.errors import InputError, StoreError, TuiflowError


@pytest.mark.parametrize("damaged", ["{", "[1]", "7", '{"n": ' + "[" * 20_000])
def test_a_damaged_state_fails_the_run_with_one_sentence_and_leaves_other_sessions_alone(
    tmp_path: Path, damaged: str
):
    workflow = made(tmp_path / "db", count)
    workflow.run(session_id="a")
    with closing(sqlite3.connect(tmp_path / "db")) as connection, connection:
        connection.execute("UPDATE sessions SET state = ?", [damaged])

    with pytest.raises(InputError, match="the state of session 'a' cannot be read") as raised:
        workflow.run(session_id="a", run_id="r")

    assert "\n" not in str(raised.value)
    assert "start the run in another session" in str(raised.value)
    ended = workflow.get_run("r")
    assert ended is not None
    assert (ended.status, ended.error) == (RunStatus.error, f"InputError: {raised.value}")
    assert workflow.run(session_id="b").content == 1


@pytest.mark.parametrize("damaged", ["{", "[1]", '{"n": ' + "[" * 20_000])
def test_who_asks_for_a_damaged_state_between_two_runs_is_told_in_one_sentence(
    tmp_path: Path, damaged: str
):
    workflow = made(tmp_path / "db", count)
    workflow.session_id = "a"
    workflow.run()
    with closing(sqlite3.connect(tmp_path / "db")) as connection, connection:
        connection.execute("UPDATE sessions SET state = ?", [damaged])

    with pytest.raises(StoreError, match="the state of session 'a' cannot be read"):
        workflow.get_session_state()


@pytest.mark.parametrize("damaged", ['{"state":', '{"state": {"values": 7}}'])
def test_a_rerun_whose_state_of_then_is_damaged_names_the_event(tmp_path: Path, damaged: str):
    workflow = made(tmp_path / "db", count)
    workflow.run(session_id="a", run_id="before")
    workflow.run(session_id="a", run_id="again")
    with closing(sqlite3.connect(tmp_path / "db")) as connection, connection:
        connection.execute(
            "UPDATE events SET body = ? WHERE run_id = 'before' AND body LIKE '%\"state\":%'",
            [damaged],
        )

    with pytest.raises(TuiflowError, match=r"event \d+ of run fore"):
        workflow.rerun("again", from_path="count")


def test_the_view_of_a_session_shows_a_damaged_run_beside_the_others(tmp_path: Path):
    workflow = made(tmp_path / "db", count)
    workflow.run(session_id="a")
    workflow.run(session_id="a")
    with closing(sqlite3.connect(tmp_path / "db")) as connection, connection:
        connection.execute("UPDATE runs SET input = '{', content = 'oops' WHERE number = 1")
        connection.execute("UPDATE runs SET hidden_kinds = '[' WHERE number = 1")
        connection.execute("UPDATE events SET body = '[' WHERE id = 1")

        ((runs,),) = connection.execute("SELECT runs FROM workflow_sessions").fetchall()

    first, second = json.loads(runs)
    assert (first["input"], first["content"]) == ({"unreadable": "{"}, {"unreadable": "oops"})
    assert first["events"][0] == {
        "unreadable": "[",
        "event": "WorkflowStarted",
        "seq": 1,
        "at": first["events"][0]["at"],
        "node_path": first["events"][0]["node_path"],
    }
    assert second["content"]["value"] == 2


def test_a_damaged_run_is_an_unreadable_row_of_the_history_and_stops_nobody(tmp_path: Path):
    seen: list[list[tuple[object, object]]] = []

    def answer(step_input: StepInput) -> str:
        seen.append([*step_input.get_workflow_history()])
        return str(step_input.input).upper()

    workflow = Workflow(name="w", steps=[answer], db=tmp_path / "db")
    workflow.run("one", session_id="s")
    workflow.run("two" * 5000, session_id="s")
    with closing(sqlite3.connect(tmp_path / "db")) as connection, connection:
        connection.execute("UPDATE runs SET content = '{' WHERE number = 1")
        connection.execute("UPDATE blobs SET raw = x'ff'")

    assert workflow.run("three", session_id="s").content == "THREE"

    [(asked, damaged), (big, _)] = seen[-1]
    assert asked == "one"
    assert str(damaged).startswith("unreadable: ")
    assert "twotwo" in str(big)
