import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.workflow.session_steps import count, made
from tuiflow import RunStatus
from tuiflow.errors import InputError


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
