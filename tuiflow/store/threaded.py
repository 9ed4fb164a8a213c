"""A SQLite connection in a thread of its own; who waits for it may be cancelled at any time."""

import asyncio  # noqa: TID251 - what aiosqlite promises is a future of asyncio's
import sqlite3
import threading
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiosqlite
import anyio

from tuiflow.model.text import whole_text
from tuiflow.store.connection import fetch_all

_CHUNK = 1000  # rows fetched at a time
_LOOK_AFTER = 500_000  # of SQLite's own small steps, some 30 ms of them


@asynccontextmanager
async def threaded(connection: sqlite3.Connection) -> AsyncGenerator["Threaded", None]:
    """Give a connection a thread; ends the thread and closes the connection."""
    # A cancel waits for both: the thread would else answer to a loop that is closed by then.
    given = Threaded(lambda: connection, _CHUNK)
    try:
        with anyio.CancelScope(shield=True):
            await given
        yield given
    finally:
        with anyio.CancelScope(shield=True):
            await _until(given.stop())
        connection.close()


class Threaded(aiosqlite.Connection):
    """Runs one statement after the other, and ends one of reading that nobody waits for."""

    _ended: "asyncio.Future[Any] | None" = None

    async def fetch_all(self, text: str, params: Mapping[str, Any]) -> list[sqlite3.Row]:
        """Read all rows; a cancel interrupts the statement, or has it end before it begins."""
        is_left = threading.Event()

        def fetch() -> list[sqlite3.Row]:
            self._conn.set_progress_handler(is_left.is_set, _LOOK_AFTER)
            try:
                return fetch_all(self._conn, text, bindable(params))
            finally:
                self._conn.set_progress_handler(None, 0)

        try:
            return await self._execute(fetch)
        finally:
            is_left.set()

    def stop(self) -> "asyncio.Future[Any] | None":
        """End the thread once, and let everybody wait for that who asks."""
        if self._ended is None and self._thread.ident is not None:  # else it could not be started
            self._ended = super().stop()
        return self._ended


def bindable(params: Mapping[str, Any]) -> dict[str, Any]:
    """Give parameters as the driver takes them: it has no room for lone surrogates."""
    return {
        name: whole_text(value) if isinstance(value, str) else value
        for name, value in params.items()
    }


async def _until(ended: "asyncio.Future[Any] | None") -> None:
    # A loop that ends cancels every task on its own, past any shield of anyio's.
    interrupted: asyncio.CancelledError | None = None
    while ended is not None and not ended.done():
        try:
            await asyncio.wait([ended])
        except asyncio.CancelledError as error:
            interrupted = error
    if interrupted is not None:
        raise interrupted
