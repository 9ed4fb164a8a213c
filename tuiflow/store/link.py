"""The store's connections: one that writes, one that reads, and one for what may take long."""

import sqlite3
import threading
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio

from tuiflow.errors import DatabaseUnusableError
from tuiflow.store.connection import (
    FileState,
    FileWatch,
    is_damage,
    open_for_reading,
    open_for_writing,
    translate,
)
from tuiflow.store.database import SqliteDb
from tuiflow.store.holding import held
from tuiflow.store.queries import sql
from tuiflow.store.threaded import Threaded, bindable, threaded

_ASK_AGAIN = 1.0  # seconds for which an unchanged file is believed
_VERSIONS = 2**32  # more than SQLite counts of one file


@asynccontextmanager
async def open_link(
    db: SqliteDb, *, create: bool, on_gone: Callable[[str], None] | None = None
) -> AsyncGenerator["Link", None]:
    """Open the connections, each with a thread of its own; raises StoreError.

    With `on_gone` a database that is deleted is told to it, read on, and made anew when asked.
    """
    link = Link(db, await _open(db, create=create), on_gone)
    try:
        yield link
    finally:
        await link.aclose()


@dataclass
class _Opened:
    """One opened file: its connections, and what notices that it is gone."""

    writing: Threaded
    reading: Threaded
    watch: FileWatch
    stack: AsyncExitStack
    searching: Threaded | None = None
    """Opened once it is wanted: few programs search."""


async def _open(db: SqliteDb, *, create: bool) -> _Opened:
    # Opened before aiosqlite has them: its thread outlives the loop when an opening fails.
    pair = _Pair(db, create=create)
    try:
        written, read = await anyio.to_thread.run_sync(pair.open)
        async with AsyncExitStack() as stack:
            reading = await stack.enter_async_context(threaded(read))
            writing = await stack.enter_async_context(threaded(written))
            stack.enter_context(held(Path(db.db_file)))
            return _Opened(writing, reading, FileWatch(Path(db.db_file)), stack.pop_all())
    except BaseException:
        pair.give_up()
        raise


async def _close(opened: _Opened) -> None:
    if opened.watch.is_elsewhere():
        await _merge(opened)
    await opened.stack.aclose()


async def _merge(opened: _Opened) -> None:
    # Of a file that was moved SQLite itself leaves the log behind, with all that stands only there.
    with anyio.CancelScope(shield=True), suppress(sqlite3.Error):
        await opened.writing.execute("PRAGMA wal_checkpoint")


class _Pair:
    """A connection that writes and one that reads, closed again when nobody waits for them."""

    def __init__(self, db: SqliteDb, *, create: bool) -> None:
        self._db = db
        self._create = create
        self._lock = threading.Lock()
        self._is_given_up = False
        self._opened: tuple[sqlite3.Connection, ...] = ()

    def open(self) -> tuple[sqlite3.Connection, sqlite3.Connection]:
        path = Path(self._db.db_file)
        writing = open_for_writing(path, create=self._create, synchronous=self._db.synchronous)
        try:
            pair = writing, open_for_reading(path)
        except BaseException:
            writing.close()
            raise
        with self._lock:
            self._opened = pair
            is_late = self._is_given_up
        if is_late:
            self.give_up()
        return pair

    def give_up(self) -> None:
        # A loop that ends does not wait for the thread that opens them.
        with self._lock:
            self._is_given_up = True
            for connection in self._opened:
                connection.close()


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
        self._opening = anyio.Lock()
        self._times = 0
        """How often another file was opened in the place of the first."""
        self._version = 0
        self._asked_at = -_ASK_AGAIN
        self._file_then: FileState | None = None

    async def aclose(self) -> None:
        """End the threads, and close."""
        await _close(self._opened)

    @asynccontextmanager
    async def transaction(self, *, anew: bool = False) -> AsyncGenerator["Transaction", None]:
        """Hold the database for writing; what raises inside undoes all of it.

        With `anew`, one that was deleted is made again, where that is wanted at all.
        """
        if self._on_gone is not None and (anew or self._opened.watch.is_any()):
            await self._follow_path(create=anew)
        self._opened.watch.check()
        async with self._alone() as writing:
            try:
                await writing.execute("BEGIN IMMEDIATE")
                yield Transaction(writing)
                await writing.execute("COMMIT")
            except BaseException:
                # A loop that ends cancels past the shield, and then it is the connection's own
                # thread that knows how far it is: this does nothing where nothing is open.
                await writing.rollback()
                raise

    async def ask(self, text: str) -> int:
        """Run what must stand outside of transactions, and give its first number, or 0."""
        async with self._alone() as writing:
            rows = await writing.fetch_all(text, {})
        # Python 3.13 gives a row without columns where a pragma says nothing.
        return int(rows[0][0]) if rows and rows[0] else 0

    @asynccontextmanager
    async def _alone(self) -> AsyncGenerator[Threaded, None]:
        # Half a transaction would keep every other writer waiting: a cancel waits for its end.
        async with self._turn:
            with anyio.CancelScope(shield=True):
                async with self._careful():
                    yield self._opened.writing

    async def fetch_all(self, query: str, params: Mapping[str, Any]) -> list[sqlite3.Row]:
        """Read the rows of a query's text; it sees what was committed before."""
        async with self._careful():
            return await self._opened.reading.fetch_all(query, params)

    async def search(self, query: str, params: Mapping[str, Any]) -> list[sqlite3.Row]:
        """Read rows that may take long: what is fetched meanwhile does not wait for it."""
        async with self._careful():
            return await (await self._searching()).fetch_all(query, params)

    async def _searching(self) -> Threaded:
        async with self._opening:
            opened = self._opened
            if opened.searching is None:
                if opened.watch.is_elsewhere():
                    # Of a file that is gone, only who has it open can read.
                    return opened.reading
                connection = threaded(open_for_reading(self.path))
                opened.searching = await opened.stack.enter_async_context(connection)
            return opened.searching

    @asynccontextmanager
    async def _careful(self) -> AsyncGenerator[None, None]:
        try:
            yield
        except sqlite3.Error as error:
            if is_damage(error):
                await self._read_anew()
            raise translate(error, self.path) from error

    async def fetch_one(self, *names: str, **params: object) -> sqlite3.Row | None:
        """Read the first row of a named query."""
        rows = await self.fetch_all(sql(*names), params)
        return rows[0] if rows else None

    async def data_version(self) -> int:
        """Give a number that differs a second after anybody has committed something, or sooner."""
        await self._check_reading()
        # The log's size and time tell nearly every commit, for a hundredth of what SQLite takes
        # in its own thread: it is asked when they have changed, and now and then for certain.
        file, now = FileState.of(self.path), time.monotonic()
        if file != self._file_then or now - self._asked_at >= _ASK_AGAIN:
            self._file_then, self._asked_at = file, now
            rows = await self.fetch_all("PRAGMA data_version", {})
            self._version = int(rows[0][0])
        return self._version + self._times * _VERSIONS

    async def _read_anew(self) -> None:
        # What was read of a damaged file is believed, also once it is mended, until a commit comes.
        self._file_then = None
        opened = self._opened
        with suppress(sqlite3.Error):
            for connection in (opened.reading, opened.writing, opened.searching):
                if connection is not None:
                    await connection.execute("PRAGMA shrink_memory")

    async def _check_reading(self) -> None:
        try:
            self._opened.watch.check()
        except DatabaseUnusableError as error:
            if self._on_gone is None:
                raise
            if self._opened.watch.is_any():
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

    def __init__(self, connection: Threaded) -> None:
        self._connection = connection

    async def execute(self, name: str, **params: object) -> int:
        """Run a statement and give the number of rows it changed."""
        cursor = await self._connection.execute(sql(name), bindable(params))
        return cursor.rowcount

    async def fetch_one(self, name: str, **params: object) -> sqlite3.Row | None:
        """Read the first row."""
        rows = await self._connection.fetch_all(sql(name), params)
        return rows[0] if rows else None
