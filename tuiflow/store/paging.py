"""Reads events a page at a time, bigger ones off the loop."""

import sqlite3
from collections.abc import AsyncIterator, Sequence

import anyio

from tuiflow.model.events import Event
from tuiflow.model.ids import RunId
from tuiflow.store.link import Link
from tuiflow.store.queries import sql
from tuiflow.store.rows import read_events

PAGE = 5000  # events
_CLOCKS_DIFFER = 60_000_000  # microseconds between writers of one database, at most
_INLINE_ROWS = 300  # more than these are parsed off the loop
_NEAR_IDS = 64


async def read_page(link: Link, query: str, run_id: RunId, seq: int, limit: int) -> list[Event]:
    """Read a run's events after one, in order, by the query that says which kinds."""
    rows = await link.fetch_all(sql(query), {"run_id": run_id, "seq": seq, "limit": limit})
    return await parsed(rows)


async def parsed(rows: Sequence[sqlite3.Row]) -> list[Event]:
    """Make events of rows."""
    if len(rows) <= _INLINE_ROWS:
        return read_events(rows)
    return await anyio.to_thread.run_sync(read_events, rows)


async def read_pages(link: Link, query: str, run_id: RunId, seq: int) -> AsyncIterator[list[Event]]:
    """Yield pages until there is nothing after the last one."""
    while page := await read_page(link, query, run_id, seq, PAGE):
        yield page
        seq = page[-1].seq


async def find_id_at(link: Link, at: int) -> int:
    """Find an id below all events from a moment on, give or take a minute of clocks."""
    low, high = 0, (await link.fetch_one("last_event_id") or {"id": 0})["id"]
    while high - low > _NEAR_IDS:
        middle = (low + high) // 2
        row = await link.fetch_one("event_from", id=middle)
        if row is None or row["at"] >= at - _CLOCKS_DIFFER:
            high = middle
        else:
            low = middle
    return low
