"""A table of events in step with a query, over a real database, with small pages."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.tui.screens.panes.test_node_feed import Said, said
from tests.tui.widgets.shown import shown
from tuiflow.service import EventQuery
from tuiflow.tui.screens.events import event_pages, event_window
from tuiflow.tui.screens.events.event_window import EventWindow
from tuiflow.tui.widgets import event_table
from tuiflow.tui.widgets.event_table import EventTable

LOGS = frozenset({"StepLog"})


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch):
    for module in (event_pages, event_window):
        monkeypatch.setattr(module, "PAGE", 4)
    monkeypatch.setattr(event_table, "MOST_ROWS", 8)
    monkeypatch.setattr(event_table, "_MOST_COMING", 4)
    monkeypatch.setattr(event_table, "_NEAR", 2)


class Watched:
    """A table that follows what a run says."""

    def __init__(self, run: Said, table: EventTable) -> None:
        self.run = run
        self.table = table
        self.window = EventWindow(run.service, table)
        self.query = EventQuery(run_id=run.watch.run_id, kinds=LOGS)

    @property
    def rows(self) -> Sequence[int]:
        events = self.table._events  # pyright: ignore[reportPrivateUsage]
        return [int(getattr(event, "text", -1)) for event in events]

    async def look(self, times: int = 1) -> Sequence[int]:
        for _ in range(times):
            await self.window.look()
        return self.rows


@asynccontextmanager
async def watched(folder: Path) -> AsyncGenerator[Watched]:
    table = EventTable()
    # So low that only a row or two are seen.
    async with said(folder) as run, shown(table, (100, 3)):
        yield Watched(run, table)


async def test_what_goes_on_is_followed_and_what_is_over_is_read_from_its_start(tmp_path: Path):
    async with watched(tmp_path) as it:
        it.run.say(10)
        await it.window.ask(it.query, is_live=True)
        assert it.rows == [6, 7, 8, 9]
        it.run.say(2)
        assert (await it.look())[-2:] == [10, 11]
        await it.window.ask(it.query, is_live=False)

        assert it.rows == [0, 1, 2, 3]
        assert it.table.cursor_row == 0
        assert await it.look(3) == list(range(8))  # one page ahead, and no further


async def test_pages_come_as_they_are_neared_and_the_far_end_is_let_go(tmp_path: Path):
    async with watched(tmp_path) as it:
        it.run.say(30)
        await it.window.ask(it.query)
        it.table.follow = False
        while it.table.first_event and it.rows[0] > 0:
            it.table.set_cursor(0)
            await it.look()
        assert it.rows == list(range(8))
        assert it.table.has_newer
        assert not it.table.has_older
        it.run.say(5)
        assert await it.look(2) == list(range(8))  # what is new pushes out nothing
        while it.rows[-1] < 34:
            it.table.set_cursor(it.table.row_count - 1)
            await it.look()

        assert it.rows == list(range(27, 35))
        assert it.table.has_older


async def test_the_first_and_the_last_of_all_are_a_key_away(tmp_path: Path):
    async with watched(tmp_path) as it:
        it.run.say(30)
        await it.window.ask(it.query)
        it.table.action_cursor_top()
        assert await it.look() == [0, 1, 2, 3]
        it.table.action_cursor_end()
        await it.look()
        assert it.rows == [26, 27, 28, 29]

        assert it.table.cursor_row == 3
        assert it.table.follow


async def test_what_comes_below_is_counted_until_it_is_followed_again(tmp_path: Path):
    async with watched(tmp_path) as it:
        it.run.say(3)
        await it.window.ask(it.query)
        it.table.follow = False
        it.run.say(2)
        await it.look(2)
        assert (it.window.below, it.window.came) == (2, 2)
        it.table.follow = True
        await it.look()

        assert it.window.below == 0


async def test_the_next_of_a_kind_is_found_beyond_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(event_pages, "LOOK", 7)
    async with watched(tmp_path) as it:
        it.run.say(30)
        for query in (EventQuery(), EventQuery(run_id=it.run.watch.run_id)):
            await it.window.ask(query)
            last = it.table.last_event
            assert last is not None
            begun = last.model_copy(update={"kind": "WorkflowStarted"})
            assert await it.window.go_to_kind(begun, -1)
            assert it.table.cursor_event is not None
            assert it.table.cursor_event.event == "WorkflowStarted"
            assert it.table.has_newer
            assert not await it.window.go_to_kind(it.table.cursor_event, 1)
            assert not await it.window.go_to_kind(it.table.cursor_event, -1)


async def test_of_what_is_seldom_the_log_is_not_looked_through_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with watched(tmp_path) as it:
        it.run.say(6)
        begun = EventQuery(run_id=it.run.watch.run_id, kinds=frozenset({"WorkflowStarted"}))
        await it.window.ask(begun)
        it.table.follow = False
        asked: list[int] = []
        events = it.run.service.events

        async def noted(query: EventQuery) -> object:
            if query.kinds is not None:
                asked.append(query.after_id)
            return await events(query)

        monkeypatch.setattr(it.run.service, "events", noted)
        it.run.say(2)
        await it.look(2)
        it.run.say(1)
        await it.look(2)

    assert asked == [7, 9]
