import json
from dataclasses import replace

import pytest
from anyio import Event
from textual.events import Key

from tests.opened import open_scene
from tests.scene_tapes import daily_running, report_retried
from tests.scenes import DONE, RUNNING, SCENES, Scene
from tests.taping import Tape
from tuiflow.model.events import Event as RunEvent
from tuiflow.service import EventQuery
from tuiflow.tui.widgets.event_table import EventTable


async def test_a_failed_step_says_which_of_its_files_changed_since():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j")
        assert "has changed since" not in await opened.wait_for("KeyError: 'EUR'")
        file = opened.service.folder / "daily.py"
        file.write_text("# nothing of it is left\n")
        await opened.press("2", "k", "exclamation_mark", "2")
        text = await opened.wait_for("has changed since this run started")

        assert 'rate = table[order["ccy"]]' in text


async def test_slash_finds_in_the_pane_of_the_focus_and_letters_are_text_there():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("2", "slash", *"fraud")
        assert "/ fraud▏ 1/1" in opened.text
        await opened.press("enter")
        assert "publish" not in await opened.wait_for("/fraud 1/1")
        await opened.press("escape")

        assert "publish" in await opened.wait_for("publish")
        assert opened.app.is_running


async def test_a_log_is_read_back_to_its_first_line():
    def long_log() -> Tape:
        tape = daily_running()
        for number in range(4_500):
            tape.say("fetch_orders", 4.0, f"line {number}")
        return tape

    async with open_scene(Scene(runs=(replace(RUNNING, tape=long_log),)), (120, 40)) as opened:
        await opened.press("2", "j", "L", "5")
        await opened.wait_for("line 4499")
        await opened.press("g")
        await opened.wait_for("line 0 ")
        await opened.press("slash", *"line 449", "enter")

        await opened.wait_for("/line 449 1/11")


async def test_y_copies_the_lines_that_were_chosen_and_no_others():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("2", "j", "j", "j", "p", "5")
        await opened.wait_for('"id": 10231')
        await opened.press("V", "j", "y")
        await opened.wait_for("copied 2 lines to the terminal's clipboard, and to")

        copied = (opened.service.database.parent / "copied.txt").read_text()
        assert copied == "[\n  {"
        assert copied == opened.app.clipboard


async def test_where_the_terminal_cannot_be_lent_v_says_so():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "v")

        await opened.wait_for("another program cannot take over this terminal")


async def test_any_pane_can_fill_the_screen_and_another_takes_its_place():
    async with open_scene(SCENES["failed"], (160, 45)) as opened:
        await opened.press("j", "5", "z")
        text = await opened.wait_for("KeyError: 'EUR'")
        assert "2 Steps" not in text
        assert "3 Input" not in text
        await opened.press("2")
        text = await opened.wait_for("2 Steps")
        assert "KeyError: 'EUR'" in text
        assert "▾a Error" not in text
        await opened.press("p")
        text = await opened.wait_for("4 Previous")
        assert "2 Steps" not in text
        await opened.press("escape")

        assert "2 Steps" in await opened.wait_for("1 Workflows")


def said_in_each_try() -> Tape:
    tape = report_retried()
    for at in (1.5, 2.7, 3.8):
        tape.say("look/count_lines", at, f"said at {at}")
    return tape


async def test_the_logs_and_events_of_an_earlier_try_are_its_own():
    scene = Scene(runs=(replace(DONE, tape=said_in_each_try),))
    async with open_scene(scene, (120, 40)) as opened:
        await opened.press("j", "j", "2", "g", "j", "j", "L")
        assert "said at 2.7" in await opened.wait_for("said at 1.5")
        assert "log ended" in opened.text
        await opened.press("l", "j")
        while "said at 2.7" in opened.text:
            await opened.settle()
        assert "said at 1.5" in await opened.wait_for("said at 1.5")
        await opened.press("j", "e")
        events = (await opened.wait_for("said at 2.7")).partition("▾e Events")[2]
        assert [kind in events for kind in ("StepStarted", "StepLog", "StepRetrying")] == [True] * 3
        assert "said at 1.5" not in events
        assert "StepCompleted" not in events
        await opened.press("Y", "2")
        await opened.wait_for("copied 3 lines")

        copied = [json.loads(line)["kind"] for line in opened.app.clipboard.splitlines()]
        assert copied == ["StepStarted", "StepLog", "StepRetrying"]


async def test_what_has_not_begun_says_what_it_waits_for():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("2", "G")
        await opened.wait_for("Not started yet: it waits for")
        await opened.press("e")

        await opened.wait_for("Nothing was recorded here yet.")


async def test_while_its_events_are_being_read_nothing_says_that_there_are_none(
    monkeypatch: pytest.MonkeyPatch,
):
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        read, asked, may_read = opened.service.events, Event(), Event()

        async def read_late(query: EventQuery) -> list[RunEvent]:
            asked.set()
            await may_read.wait()
            return await read(query)

        await opened.press("j")
        await opened.wait_for("KeyError: 'EUR'")
        monkeypatch.setattr(opened.service, "events", read_late)
        opened.app.post_message(Key("e", "e"))
        await asked.wait()
        assert opened.app.screen.query_one(EventTable).empty == ""
        may_read.set()

        await opened.wait_for("StepStarted")


async def test_an_earlier_try_has_a_row_and_the_panes_show_how_it_failed():
    retried = Scene(runs=(replace(DONE, tape=report_retried),))
    async with open_scene(retried, (120, 40)) as opened:
        await opened.press("j", "j", "2", "g", "j", "j")
        assert "count_lines  try 3/3" in await opened.wait_for('"SQL": 214')
        await opened.press("l")
        assert "try 1/3  KeyError: 'EUR'" in opened.text
        await opened.press("j")
        await opened.wait_for("✗ count_lines  00:02  try 1/3")
        await opened.press("j")
        text = await opened.wait_for("✗ count_lines  500 ms  try 2/3")
        assert "TimeoutError: no answer in 1 s" in text.partition("▾a Error")[2]
        assert "↻ try 1/3  00:02  KeyError" in text  # what was before it
        await opened.press("o")
        await opened.wait_for("It gave nothing: TimeoutError")
        await opened.press("h", "h")

        assert "try 1/3" not in await opened.wait_for('"SQL": 214')
