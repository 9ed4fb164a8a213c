import json
from unittest import mock

import anyio
import pytest

from tests.opened import open_scene
from tests.scenes import SCENES
from tests.waiting import until
from tuiflow.model.events import Event
from tuiflow.service import EventQuery
from tuiflow.tui.screens.events import event_pages
from tuiflow.tui.screens.events.event_pace import Pace
from tuiflow.tui.screens.events.event_pages import EventPages


async def test_all_events_open_on_the_run_that_was_watched():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E")
        text = await opened.wait_for("1 Events  16")

        assert "run:7f3a" in text
        assert "ParallelExecutionStarted" in text
        assert "StepLog" in text


async def test_the_filter_narrows_what_is_shown_as_it_is_typed():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash")
        await opened.type("kind:StepCompleted")
        await opened.wait_for("1 Events  2 ")
        await opened.press("enter")

        assert "▸ StepStarted" not in opened.text


async def test_tab_completes_a_word_of_the_filter_and_else_goes_to_the_events():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash")
        await opened.wait_for("tab completes")
        await opened.type("ki")
        await opened.press("tab")
        await opened.type("stepret")
        await opened.press("tab")
        await opened.wait_for("run:7f3a kind:StepRetrying")
        await opened.press("tab")

        assert opened.app.screen.focused.id == "events"  # type: ignore[union-attr]


async def test_a_bad_word_is_named_and_the_results_stay():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash")
        await opened.type("kin:x")
        text = await opened.wait_for("did you mean kind?")

        assert "1 Events  16" in text


async def test_an_event_says_what_led_to_it_and_what_came_next_whatever_the_filter_hides():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "E", "slash", *" kind:StepError", "enter")
        await opened.wait_for("1 Events  1 match")

        text = await opened.wait_for("   then ")
        assert "after 10 StepStarted   then " in text


async def test_enter_goes_to_the_step_of_the_event():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "E")
        await opened.wait_for("StepError")
        await opened.press("slash")
        await opened.type("kind:StepError")
        await opened.wait_for("1 Events  1 match")
        await opened.press("enter", "enter")
        text = await opened.wait_for("2 Steps  daily_orders#7f0c")

        assert "KeyError: 'EUR'" in text


async def test_a_step_can_be_named_and_an_unknown_one_is_said():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash")
        await opened.type(" step:geo")
        await opened.wait_for("1 Events  2 ")
        await opened.type("x")

        await opened.wait_for("this run has no step 'geox'")


async def test_an_unknown_run_is_said():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash", "ctrl+u")
        await opened.type("run:zzzz")

        await opened.wait_for("zzzz")


async def test_brackets_go_to_the_next_event_of_the_same_kind():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E")
        await opened.wait_for("1 Events  16")
        await opened.press("g", "j", "right_square_bracket")
        assert "2 Event" in opened.text
        assert "StepStarted ─" in opened.text
        await opened.press("left_square_bracket", "left_square_bracket")

        await opened.wait_for("no StepStarted before this one")


async def test_no_match_says_what_to_do_and_backspace_does_it():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash", *"zebra", "enter")
        await opened.wait_for("exist. backspace takes zebra away.")
        await opened.press("backspace")

        await opened.wait_for("1 Events  16")


async def test_what_a_minus_names_is_left_out_and_globs_find_steps():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash", *"-kind:StepLog", "space", *"step:fra*", "enter")
        text = await opened.wait_for("1 Events  3 ")

        assert "StepProgress" in text
        assert "geo" not in text


async def test_events_over_all_runs_are_found_by_a_step_and_a_time():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash", "ctrl+u", *"step:fetch_orders", "enter")
        both = await opened.wait_for("7f0c")
        await opened.press("slash", "space", *"since:10m", "enter")
        while "7f0c" in opened.text:
            await opened.settle()

        assert "7f3a" in both
        assert "7f3a" in opened.text


async def test_y_copies_the_event_as_it_stands():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "E")
        await opened.wait_for("2 Event ")
        await opened.press("y")
        await opened.wait_for("to the terminal's clipboard")
        assert json.loads(opened.app.clipboard)["kind"] == "WorkflowError"
        await opened.press("2", "V", "j", "y")
        await opened.wait_for("copied 2 lines")

        assert opened.app.clipboard.splitlines()[0] == "{"


async def test_z_lets_the_events_or_the_one_stand_alone_and_escape_brings_both_back():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "E")
        await opened.wait_for("2 Event ")
        await opened.press("z")
        assert "2 Event " not in opened.text
        await opened.press("2")
        assert "1 Events" not in await opened.wait_for("2 Event ")
        await opened.press("escape")
        assert "1 Events" in opened.text
        await opened.press("v")

        await opened.wait_for("another program cannot take over this terminal")


async def test_events_are_found_by_the_worker_of_their_run():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash", "ctrl+u", *"worker:8812 kind:StepError", "enter")
        await opened.wait_for("1 Events  1 match")
        await opened.press("slash", "ctrl+u", *"worker:8813", "enter")

        await opened.wait_for("No event matches")


async def test_a_search_that_takes_long_holds_no_beat_up_and_is_left_for_the_next_one():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        search, begun, left = opened.service.search, list[str](), list[str]()

        async def search_long(query: EventQuery) -> list[Event]:
            if query.text != "zebra":
                return await search(query)
            begun.append("zebra")
            try:
                await anyio.sleep_forever()
            finally:
                left.append("zebra")
            return []

        with mock.patch.object(opened.service, "search", search_long):
            await opened.press("E", "slash")
            await opened.type("zebra")
            await until(lambda: begun)
            await opened.settle()
            assert left == []
            await opened.press("backspace")
            await opened.wait_for("backspace takes zebr away")
            assert left == ["zebra"]
            await opened.type("a")
            await until(lambda: len(begun) == 2)
            await opened.press("escape", "escape")
            await until(lambda: len(left) == 2)

        await opened.wait_for("1 Workflows and runs")


async def test_the_matches_are_counted_in_steps_and_up_to_a_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(event_pages, "LOOK", 7)
    monkeypatch.setattr(event_pages, "MOST_COUNTED", 20)
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        pages = EventPages(opened.service)
        await pages.ask(EventQuery(kinds=frozenset({"StepStarted"})))
        counts = [count async for count in pages.count()]
        await pages.ask(EventQuery())
        limited = [count async for count in pages.count()]
        everything = [page async for page in pages.every()]

        assert len(counts) > 3
        assert counts[-1] == sum(
            event.event == "StepStarted" for page in everything for event in page
        )
        assert limited[-1] == 21


def test_how_fast_events_come_is_told_over_two_seconds_and_falls_to_nothing():
    pace = Pace()
    told = [pace.note(now, came) for now, came in [(0, 5), (0.5, 25), (1, 85), (2, 85), (2.5, 85)]]

    assert told == [0, 10, 40, 40, 30]
    assert pace.note(4.5, 85) == 0
    assert pace.note(4.6, 3) == 0  # another filter: it is counted anew


async def test_levels_and_folds_where_no_event_is_do_nothing():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        await opened.press("E")
        await opened.wait_for("Nothing has happened yet")
        await opened.press("2", "plus", "minus", "space", "h", "l", "V", "y")

        assert "no event to copy" in opened.text
