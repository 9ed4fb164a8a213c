from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.store.making import FLOW, STEP, claimed, flow_started, log_of
from tuiflow.model.events import Event, StepLogEvent
from tuiflow.model.ids import NodePath
from tuiflow.model.run_state import RunState
from tuiflow.service import EventQuery, Service, open_service
from tuiflow.store import Lease, SqliteDb, open_store
from tuiflow.tui.screens.panes import node_feed
from tuiflow.tui.screens.panes.node_feed import NodeFeed
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot

QUIET = NodePath("etl/quiet")


class Said:
    """A run that says numbered lines, and a feed of one of its nodes."""

    def __init__(self, service: Service, db: SqliteDb, lease: Lease) -> None:
        self.service = service
        self.feed = NodeFeed(service, frozenset({"StepLog"}), first=4)
        state = RunState().after([flow_started().model_copy(update={"seq": 1})])
        self.watch = Watch(run_id=lease.run_id, state=state)
        self._db, self._lease = db, lease
        self._count = 0

    def say(self, count: int) -> None:
        last_seq = self._count + (self._count > 0)
        lease = Lease(self._lease.run_id, self._lease.token, self._lease.episode, last_seq)
        with log_of(self._db, lease) as log:
            if not self._count:
                log.append(flow_started())
            for number in range(self._count, self._count + count):
                log.append(StepLogEvent(node_path=STEP, text=str(number)))
        self._count += count

    async def read(self, path: NodePath = STEP, *, follows: bool = False) -> list[int]:
        return numbers((await self.feed.read(self.watch, Spot(path), follows=follows)).events)


def numbers(events: Sequence[Event]) -> list[int]:
    return [int(getattr(event, "text", "")) for event in events]


@asynccontextmanager
async def said(folder: Path) -> AsyncGenerator[Said]:
    (folder / "workflows").mkdir()
    db = SqliteDb(folder / "log.db")
    async with open_store(db) as store:
        lease = await claimed(store)
    target = folder / "workflows"
    async with open_service(target=target, db=str(db.db_file), watch=False) as service:
        yield Said(service, db, lease)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(node_feed, "MOST_NEW", 3)


async def test_who_follows_a_flood_is_shown_its_newest_and_can_go_back(tmp_path: Path):
    async with said(tmp_path) as run:
        run.say(2)
        assert await run.read(follows=True) == [0, 1]
        run.say(8)

        batch = await run.feed.read(run.watch, Spot(STEP), follows=True)

        assert (numbers(batch.events), batch.is_first, batch.has_gap) == ([7, 8, 9], True, True)
        assert run.feed.has_older
        assert numbers(await run.feed.older(run.watch, Spot(STEP))) == [3, 4, 5, 6]
        assert await run.read(follows=True) == []


async def test_who_reads_further_up_misses_no_line_of_a_flood(tmp_path: Path):
    async with said(tmp_path) as run:
        run.say(6)
        assert await run.read() == [2, 3, 4, 5]
        run.say(7)

        assert [await run.read() for _ in range(4)] == [[6, 7, 8], [9, 10, 11], [12], []]


async def test_what_was_said_long_ago_is_looked_for_beat_by_beat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(node_feed, "LOOK", 3)
    async with said(tmp_path) as run:
        run.say(10)
        batches = [await run.feed.read(run.watch, Spot(QUIET)) for _ in range(5)]
        assert [(numbers(each.events), each.is_first) for each in batches] == [
            *[([], True)] * 4,
            ([], False),
        ]

        assert await run.read() == [7, 8, 9]
        older = [numbers(await run.feed.older(run.watch, Spot(STEP))) for _ in range(3)]
        assert older == [[4, 5, 6], [1, 2, 3], [0]]
        assert not run.feed.has_older
        run.say(1)
        assert await run.read() == [10]


async def test_a_node_that_says_nothing_is_not_looked_for_in_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with said(tmp_path) as run:
        run.say(6)
        assert await run.read(QUIET) == []
        asked: list[int] = []
        events = run.service.events

        async def noted(query: EventQuery) -> list[Event]:
            if query.kinds is not None:
                asked.append(query.after_id)
            return await events(query)

        monkeypatch.setattr(run.service, "events", noted)
        assert await run.read(QUIET) == []
        run.say(1)
        assert await run.read(QUIET) == []
        assert await run.read(FLOW) == [3, 4, 5, 6]

    assert asked == [7, 0]
