"""What may take long has a connection of its own: nobody waits for it, and a cancel ends it."""

import anyio
import pytest

from tests.store.making import claimed, flow_started, log_of, new_run
from tests.waiting import PATIENCE, until
from tuiflow.store import EventQuery, SqliteDb
from tuiflow.store.link import Link, open_link
from tuiflow.store.queries import sql
from tuiflow.store.store import Store

ENDLESS = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers)
SELECT count(*) AS count FROM numbers
"""


@pytest.fixture
async def link(db: SqliteDb):
    async with open_link(db, create=True) as opened:
        yield opened


async def test_what_is_fetched_does_not_wait_for_a_search(link: Link):
    async with anyio.create_task_group() as group:
        group.start_soon(search_for_ever, link)
        await until(lambda: link._opened.searching is not None)  # pyright: ignore[reportPrivateUsage]

        with anyio.fail_after(PATIENCE):
            for _ in range(20):
                assert await link.fetch_all(sql("count_runs"), {"since": 0}) == []
                await link.data_version()
        group.cancel_scope.cancel()


async def search_for_ever(link: Link) -> None:
    await link.search(ENDLESS, {})


async def test_searches_that_nobody_waits_for_end_at_once_also_those_that_had_not_begun(link: Link):
    for _ in range(3):
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(search_for_ever, link)
            await anyio.lowlevel.checkpoint()
            group.cancel_scope.cancel()

    with anyio.fail_after(PATIENCE):
        (row,) = await link.search("SELECT 1 AS one", {})
    assert row["one"] == 1


async def test_a_statement_that_was_left_leaves_the_next_transaction_whole(store: Store):
    with anyio.move_on_after(0):
        await store.search_events(EventQuery(text="nothing"))

    await store.create_run(new_run())

    assert len(await store.list_runs()) == 1


async def test_of_a_database_that_is_gone_what_is_open_is_searched_and_none_is_made(
    db: SqliteDb,
):
    async with open_link(db, create=True, on_gone=lambda _: None) as link:
        link.path.unlink()

        assert await link.search(sql("count_runs"), {"since": 0}) == []
        assert not link.path.exists()


async def test_a_search_finds_what_was_committed_before(store: Store, db: SqliteDb):
    for number in (1, 2):
        with log_of(db, await claimed(store)) as log:
            log.append(flow_started())

        assert len(await store.search_events(EventQuery())) == number
        assert await store.count_events(EventQuery(), is_search=True) == number
