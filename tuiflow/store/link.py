"""The store's two connections: one that writes, a transaction at a time, and one that reads."""

import asyncio  # noqa: TID251 - what aiosqlite promises is a future of asyncio's
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite
import anyio

from tuiflow.errors import DatabaseUnusableError
from tuiflow.model.text import whole_text
from tuiflow.store.connection import (
    FileState,
    FileWatch,
    open_for_reading,
    open_for_writing,
    translating,
)
from tuiflow.store.database import SqliteDb
from tuiflow.store.holding import held
from tuiflow.store.queries import sql

_CHUNK = 1000  # rows fetched at a time
_ASK_AGAIN = 1.0  # seconds for which an unchanged file is believed
_VERSIONS = 2**32  # more than SQLite counts of one file


@asynccontextmanager
async def open_link(
    db: SqliteDb, *, create: bool, on_gone: Callable[[str], None] | None = None
) -> AsyncGenerator["Link", None]:
    """Open both connections, each with a thread of its own; raises StoreError.

    With `on_gone` a database that is deleted is told to it, read on, and made anew when asked.
    """
    link = Link(db, await _open(db, create=create), on_gone)
    try:
        yield link
    finally:
        await link.aclose()


@dataclass(frozen=True)
class _Opened:
    """One opened file: both its connections, and what notices that it is gone."""

    writing: aiosqlite.Connection
    reading: aiosqlite.Connection
    watch: FileWatch
    stack: AsyncExitStack


async def _open(db: SqliteDb, *, create: bool) -> _Opened:
    # Opened before aiosqlite has them: its thread outlives the loop when an opening fails.
    written, read = await anyio.to_thread.run_sync(lambda: _open_both(db, create=create))
    async with AsyncExitStack() as stack:
        reading = await stack.enter_async_context(_threaded(read))
        writing = await stack.enter_async_context(_threaded(written))
        stack.enter_context(held(Path(db.db_file)))
        return _Opened(writing, reading, FileWatch(Path(db.db_file)), stack.pop_all())


async def _close(opened: _Opened) -> None:
    if opened.watch.is_elsewhere():
        await _merge(opened)
    await opened.stack.aclose()


async def _merge(opened: _Opened) -> None:
    # Of a file that was moved SQLite itself leaves the log behind, with all that stands only there.
    with anyio.CancelScope(shield=True), suppress(sqlite3.Error):
        await opened.writing.execute("PRAGMA wal_checkpoint")


@asynccontextmanager
async def _threaded(connection: sqlite3.Connection) -> AsyncGenerator[aiosqlite.Connection, None]:
    # A cancel waits for both: the thread would else answer to a loop that is closed by then.
    threaded = _Threaded(lambda: connection, _CHUNK)
    try:
        with anyio.CancelScope(shield=True):
            await threaded
        yield threaded
    finally:
        with anyio.CancelScope(shield=True):
            await _until(threaded.stop())
        connection.close()


class _Threaded(aiosqlite.Connection):
    """Ends its thread once, and lets everybody wait for that who asks."""

    _ended: "asyncio.Future[Any] | None" = None

    def stop(self) -> "asyncio.Future[Any] | None":
        self._ended = self._ended or super().stop()
        return self._ended


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


def _open_both(db: SqliteDb, *, create: bool) -> tuple[sqlite3.Connection, sqlite3.Connection]:
    path = Path(db.db_file)
    writing = open_for_writing(path, create=create, synchronous=db.synchronous)
    try:
        return writing, open_for_reading(path)
    except BaseException:
        writing.close()
        raise


def bindable(params: Mapping[str, Any]) -> dict[str, Any]:
    """Give parameters as the driver takes them: it has no room for lone surrogates."""
    return {
        name: whole_text(value) if isinstance(value, str) else value
        for name, value in params.items()
    }


class Link:
    """Runs named queries on a database, and raises only StoreErrors."""

    def __init__(
        self, db: SqliteDb, opened: _Opened, on_gone: Callable[[str], None] | None
    ) -> None:
        self.path = Path(db.db_file)
        self._db = db
        self._opened = opened
        self._on_gone = on_gone
        self._told = ""
        self._turn = anyio.Lock()
        self._times = 0
        """How often another file was opened in the place of the first."""
        self._version = 0
        self._asked_at = -_ASK_AGAIN
        self._file_then: FileState | None = None

    async def aclose(self) -> None:
        """End both threads, and close."""
        await _close(self._opened)

    @asynccontextmanager
    async def transaction(self, *, anew: bool = False) -> AsyncGenerator["Transaction", None]:
        """Hold the database for writing; what raises inside undoes all of it.

        With `anew`, one that was deleted is made again, where that is wanted at all.
        """
        if self._on_gone is not None and (anew or self.path.exists()):
            await self._follow_path(create=anew)
        self._opened.watch.check()
        # Half a transaction would keep every other writer waiting: a cancel waits for its end.
        async with self._turn:
            with anyio.CancelScope(shield=True), translating(self.path):
                await self._begin()
                try:
                    yield Transaction(self._opened.writing)
                    await self._opened.writing.execute("COMMIT")
                except BaseException:
                    if self._opened.writing.in_transaction:
                        await self._opened.writing.execute("ROLLBACK")
                    raise

    async def _begin(self) -> None:
        try:
            await self._opened.writing.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            await self._read_anew()
            raise

    async def ask(self, text: str) -> int:
        """Run what must stand outside of transactions, and give its first number, or 0."""
        rows: list[sqlite3.Row] = []
        async with self._turn:
            with anyio.CancelScope(shield=True), translating(self.path):
                rows = list(await self._opened.writing.execute_fetchall(text))
        return int(rows[0][0]) if rows else 0

    async def fetch_all(self, query: str, params: Mapping[str, Any]) -> list[sqlite3.Row]:
        """Read the rows of a query's text; it sees what was committed before."""
        with translating(self.path):
            return list(await self._opened.reading.execute_fetchall(query, bindable(params)))

    async def fetch_one(self, name: str, **params: object) -> sqlite3.Row | None:
        """Read the first row of a named query."""
        rows = await self.fetch_all(sql(name), params)
        return rows[0] if rows else None

    async def data_version(self) -> int:
        """Give a number that differs a second after anybody has committed something, or sooner."""
        await self._check_reading()
        # The log's size and time tell nearly every commit, for a hundredth of what SQLite takes
        # in its own thread: it is asked when they have changed, and now and then for certain.
        file, now = FileState.of(self.path), time.monotonic()
        if file != self._file_then or now - self._asked_at >= _ASK_AGAIN:
            self._file_then, self._asked_at = file, now
            try:
                rows = await self.fetch_all("PRAGMA data_version", {})
            except DatabaseUnusableError:
                await self._read_anew()
                raise
            self._version = int(rows[0][0])
        return self._version + self._times * _VERSIONS

    async def _read_anew(self) -> None:
        # What was read of a damaged file is believed, also once it is mended, until a commit comes.
        self._file_then = None
        with suppress(sqlite3.Error):
            for connection in (self._opened.reading, self._opened.writing):
                await connection.execute("PRAGMA shrink_memory")

    async def _check_reading(self) -> None:
        try:
            self._opened.watch.check()
        except DatabaseUnusableError as error:
            if self._on_gone is None:
                raise
            if self.path.exists():
                await self._follow_path(create=False)
            elif self._told != str(error):
                # What it held can still be read, and what runs be seen to end.
                self._told = str(error)
                await _merge(self._opened)
                self._on_gone(f"{error}; what you start next begins a new one")

    async def _follow_path(self, *, create: bool) -> None:
        async with self._turn:
            if not self._opened.watch.is_elsewhere():
                return
            with anyio.CancelScope(shield=True):
                before, self._opened = self._opened, await _open(self._db, create=create)
                self._times, self._file_then, self._told = self._times + 1, None, ""
                await _close(before)


class Transaction:
    """Runs named queries inside one transaction."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def execute(self, name: str, **params: object) -> int:
        """Run a statement and give the number of rows it changed."""
        cursor = await self._connection.execute(sql(name), bindable(params))
        return cursor.rowcount

    async def fetch_one(self, name: str, **params: object) -> sqlite3.Row | None:
        """Read the first row."""
        rows = list(await self._connection.execute_fetchall(sql(name), bindable(params)))
        return rows[0] if rows else None
