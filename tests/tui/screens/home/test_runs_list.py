"""The list of runs: more of them than are read at once, finding them, and marking several."""

from collections.abc import Sequence
from unittest import mock

import pytest

from tests.opened import Opened, open_scene
from tests.scenes import NOW, SCENES, run_id
from tests.taping import SECOND, stored
from tuiflow.errors import InputError
from tuiflow.model.clock import now
from tuiflow.model.ids import RunId
from tuiflow.store import NewRun, SqliteDb, Store, open_store
from tuiflow.tui.screens.home import known_runs


async def add_cancelled(opened: Opened, count: int, first: int = 0) -> Sequence[RunId]:
    """Make runs that nobody ran, each a second younger than the one before."""
    ids = [run_id(f"{number:04d}") for number in range(first, first + count)]
    async with open_store(SqliteDb(opened.service.database)) as store:
        for number, one in enumerate(ids, first):
            await add_pending(store, opened, one, NOW - (1000 - number) * SECOND)
            await store.request_cancel(one)
    return ids


async def add_pending(store: Store, opened: Opened, one: RunId, at: int) -> None:
    run = NewRun(
        run_id=one,
        workflow_name="code_report",
        input=stored(None),
        file=str(opened.service.folder / "report.py"),
        created_at=at,
    )
    await store.create_run(run)


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_runs, "NEWEST", 10)
    monkeypatch.setattr(known_runs, "PAGE", 10)


@pytest.mark.usefixtures("few_at_once")
async def test_older_runs_come_when_somebody_scrolls_to_where_they_stand():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        await add_cancelled(opened, 35)
        await opened.wait_for("0034")  # the newest, and so all of them
        text = await opened.wait_for("+ more")
        assert "0024" not in text
        await opened.press("G", "k", "k")
        row = next(y for y, line in enumerate(opened.text.splitlines()) if "+ more" in line)
        await opened.pilot.click("#runs", offset=(6, row - 1))
        await opened.pilot.click("#runs", offset=(6, row - 1))
        await opened.wait_for("0024")
        await opened.press("G")
        await opened.wait_for("estimate_pi")
        for _ in range(4):
            await opened.press("G", "ctrl+u")
        await opened.wait_for("0000")

        assert "more" not in opened.text


@pytest.mark.usefixtures("few_at_once")
async def test_runs_read_once_stay_while_newer_ones_come():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        known = known_runs.KnownRuns(opened.service)
        ids = [*await add_cancelled(opened, 25)]
        await known.read()
        await known.look_back("code_report")
        ids += await add_cancelled(opened, 4, first=25)
        await known.read()
        assert [run.run_id for run in known.runs] == ids[:4:-1]
        assert known.has_more("code_report")
        await known.look_back("code_report")

        assert [run.run_id for run in known.runs] == ids[::-1]
        assert not known.has_more("code_report")


@pytest.mark.usefixtures("few_at_once")
async def test_the_run_under_the_cursor_is_never_folded_away_and_one_gone_to_comes_out():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        await add_cancelled(opened, 20)
        await opened.wait_for("0019")
        await opened.press("g", *"jjj")
        await opened.wait_for("code_report#0019")
        await add_cancelled(opened, 12, first=20)  # more than are read at once
        text = await opened.wait_for("⊗ 0031")
        assert "code_report#0019" in text
        assert "▌  ⊗ 0019" in text
        assert "0027" not in text
        await opened.say("show 0003")  # older than all that are read
        await opened.wait_for("code_report#0003")
        await opened.press("1", "k", "j")

        assert "code_report#0003" in await opened.wait_for("⊗ 0003")


@pytest.mark.usefixtures("few_at_once")
async def test_a_run_that_goes_on_is_listed_and_counted_however_many_are_newer():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await add_cancelled(opened, 12)
        await opened.wait_for("0011")
        # Each of them was pending for a moment, and counted with those that go on.
        text = await opened.wait_for("▸ 2 running")

        assert "▸ 7f3a" in text
        assert "✗ 7f0c" not in text
        assert "✗ 1 failed" in text  # older than those that are listed


@pytest.mark.usefixtures("few_at_once")
async def test_old_runs_that_another_process_deletes_leave_the_list():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        known = known_runs.KnownRuns(opened.service)
        ids = [*await add_cancelled(opened, 25)]
        await known.read()
        await known.look_back("code_report")
        async with open_store(SqliteDb(opened.service.database)) as other:
            await other.delete_run(ids[7])
            # The oldest that is known goes too, and what is before it is still found.
            await other.delete_run(ids[5])
        await known.look_back("code_report")
        await known.read()
        await known.look_back("code_report")

        assert [run.run_id for run in known.runs] == [
            one for one in reversed(ids) if one not in {ids[5], ids[7]}
        ]


async def test_slash_keeps_the_runs_that_hold_a_text_under_their_workflows():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("slash", *"failed", "enter")
        text = await opened.wait_for("/failed 1/1 · n N · esc ends")
        assert "✗ 7f0c  KeyError  " in text
        assert "7f0c" in text
        assert "estimate_pi" not in text
        await opened.press("n")
        assert "KeyError" in await opened.wait_for("daily_orders#7f0c")
        await opened.press("escape")
        assert "estimate_pi" in await opened.wait_for("7f31")
        await opened.press("slash")
        await opened.wait_for("enter takes failed")
        await opened.press("enter", "space")
        await opened.wait_for("1 marked")
        await opened.press("escape")
        assert "/failed 1/1" in opened.text  # the marks went first
        await opened.press("escape")

        assert "estimate_pi" in await opened.wait_for("7f31")


async def test_slash_and_an_exclamation_mark_keep_the_others():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("slash", *"!7f", "enter")
        text = await opened.wait_for("/!7f")

        assert "7e98" in text
        assert "▸ 7f3a" not in text


async def test_what_is_found_has_the_cursor_at_once():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("g", "slash", *"7f31")
        assert "/ 7f31▏ 1/1" in opened.text

        assert "estimate_pi#7f31" in await opened.wait_for("estimate_pi#7f31")


async def test_marked_runs_are_cancelled_after_one_question():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("space")
        await opened.press("space")
        assert "2 marked" in await opened.wait_for("* ▸ 7f3a")
        assert "x r take all · esc ends" in opened.text
        await opened.press("2")
        assert "take all" not in opened.text
        assert "h l fold · + - levels" in opened.text
        await opened.press("1")
        with mock.patch.object(opened.service, "cancel") as cancel:
            await opened.press("x")
            assert "1 of the 2 marked runs go on" in await opened.wait_for("Cancel 1 run?")
            await opened.press("y")
            await opened.wait_for("1 run was asked to stop")

        assert [call.args for call in cancel.call_args_list] == [(run_id("7f3a"),)]
        assert "marked" not in opened.text.splitlines()[1]


async def test_a_refusal_of_one_marked_run_leaves_the_others_their_turn_and_is_said():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("space")
        await opened.press("space")
        refusal = InputError("there is no 'daily_orders' any more")
        with mock.patch.object(opened.service, "start_again", side_effect=[refusal, None]):
            await opened.press("r", "y")

            await opened.wait_for("1 run was started again; there is no 'daily_orders' any more")


async def test_a_marked_run_that_somebody_else_deletes_is_marked_no_more():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "space", "j", "space")
        await opened.wait_for("2 marked")
        async with open_store(SqliteDb(opened.service.database)) as other:
            await other.delete_run(run_id("7f0c"))

        await opened.wait_for("1 marked")


async def test_marked_runs_are_deleted_after_one_question_and_escape_takes_marks_away():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j")
        await opened.press("space")
        await opened.wait_for("1 marked")
        await opened.press("escape")
        assert "marked" not in opened.text
        await opened.press("k", "space")
        await opened.press("colon", *"delete", "enter")
        await opened.wait_for("Delete 1 run?")
        await opened.press("y")
        await opened.wait_for("1 run was deleted")

        assert len(await opened.service.list_runs()) == 1
        assert "7f0c" not in opened.text.splitlines()[3]


async def test_what_others_start_cancel_and_delete_is_seen_without_a_key():
    async with (
        open_scene(SCENES["idle"], (120, 40)) as opened,
        open_store(SqliteDb(opened.service.database)) as other,
    ):
        begun = run_id("0000")
        # As new as it says: what has waited for long is ended as nobody's.
        await add_pending(other, opened, begun, now())
        await opened.wait_for("◌ 0000")
        await opened.press("j", "j")
        await opened.wait_for("▌  ◌ 0000")

        await other.request_cancel(begun)
        await opened.wait_for("⊗ 0000")
        assert "cancelled" in opened.text

        await other.delete_run(begun)
        while "0000" in opened.text:
            await opened.settle()
