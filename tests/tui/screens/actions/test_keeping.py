"""Commands about what is kept, in the real app over real files."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.opened import open_scene
from tests.scenes import SCENES

_LONG_AGO = "UPDATE runs SET ended_at = -9000000000000000 WHERE ended_at IS NOT NULL"


async def test_verify_says_that_nothing_is_wrong_or_what():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.say("verify")
        await opened.wait_for("2 runs checked: nothing is wrong")
        _change(opened.service.database, "DELETE FROM events WHERE seq = 2")

        await opened.say("verify last")
        await opened.wait_for("2 things are wrong: `:notices` lists them")
        await opened.say("notices")
        await opened.wait_for("the log goes from seq 1 to 3")


async def test_prune_names_what_would_go_and_deletes_it_only_after_a_yes(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("TUIFLOW_KEEP_RUNS", "0")
    monkeypatch.setenv("TUIFLOW_KEEP_DAYS", "36500")
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        before = await opened.service.list_runs()
        await opened.say("prune")
        await opened.wait_for("0 runs would be deleted")
        _change(opened.service.database, _LONG_AGO)

        await opened.say("prune")
        text = await opened.wait_for("Delete what is not kept any longer?")
        assert "would be deleted, about" in text
        await opened.press("escape")
        assert len(await opened.service.list_runs()) == len(before)

        await opened.say("prune")
        await opened.wait_for("Delete what is not kept any longer?")
        await opened.press("y")
        await opened.wait_for("deleted, ")
        assert len(await opened.service.list_runs()) < len(before)


async def test_resume_asks_as_its_key_does_and_refuses_as_the_shell_does():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        runs = await opened.service.list_runs()
        done = next(run.run_id for run in runs if run.status == "completed")
        failed = next(run.run_id for run in runs if run.status == "error")

        await opened.say(f"resume {done[-4:]}")
        await opened.wait_for("there is nothing to resume")
        await opened.say(f"resume {failed[-4:]}")
        await opened.wait_for(f"Resume run {failed[-4:]}?")
        await opened.wait_for("eused")
        await opened.press("escape")

        assert (await opened.service.get_run(failed)).status == "error"


def _change(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement)
