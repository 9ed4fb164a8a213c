"""Opens SQLite files the way tuiflow needs them, and turns the driver's errors into ours."""

import os
import sqlite3
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tuiflow.errors import DatabaseUnusableError, NotOurDatabaseError, StoreError
from tuiflow.store.migrate import identify, is_current, migrate

if sys.platform != "win32":
    import fcntl

BUSY_SECONDS = 5.0
NO_SQLITE = "it is no SQLite file"
_SMALLEST = 512  # bytes of a database with a single page
_CHECKPOINT_PAGES = 4000
"""16 MB of log before a commit merges it: each merge waits for the disk twice."""
_NO_TEXT = "Could not decode to UTF-8"  # as the driver begins, with all of the text behind it
_ANY_TEXT = partial(str, encoding="utf-8", errors="backslashreplace")
_NOWHERE = (0, 0)
_PRIMARY = 0xFF  # an extended result code's lower byte is the plain one
_DAMAGED = "the file is damaged; move it away to start a new one"
_SENTENCES = {
    sqlite3.SQLITE_READONLY: "the file or its folder is read-only",
    sqlite3.SQLITE_PERM: "permission denied",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    # Of one that was opened as ours: its first page has been written over since.
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CANTOPEN: "the file or its folder cannot be opened",
}


def connect(
    path: Path, *, busy_seconds: float = BUSY_SECONDS, synchronous: str = "normal"
) -> sqlite3.Connection:
    """Open an existing database for writing, by any one thread at a time."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
        uri=True,
    )
    try:
        level = "FULL" if synchronous == "full" else "NORMAL"
        connection.execute(f"PRAGMA synchronous = {level}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_writing(
    path: Path, *, create: bool, synchronous: str = "normal"
) -> sqlite3.Connection:
    """Open a database, made or migrated where needed; raises a StoreError in one sentence."""
    _prepare_file(path, create=create)
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise DatabaseUnusableError(str(path), _SENTENCES[sqlite3.SQLITE_READONLY])
    with translating(path), _telling_strangers(path):
        connection = connect(path, synchronous=synchronous)
        try:
            # One look at all of it: another process may be making the database just now.
            connection.execute("BEGIN")
            version = identify(connection, str(path))
            connection.execute("COMMIT")
            if not version:
                # Only a database without a page takes it: deleted runs give their room back.
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            _use_wal(connection)
            if not is_current(version):
                migrate(connection, str(path))
            connection.row_factory = sqlite3.Row
        except BaseException:
            connection.close()
            raise
        return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open a connection that cannot write."""
    with translating(path):
        connection = connect(path)
        connection.execute("PRAGMA query_only = ON")  # sets a flag, and reads nothing
        connection.row_factory = sqlite3.Row
        return connection


def fetch_all(
    connection: sqlite3.Connection, text: str, params: Mapping[str, Any]
) -> list[sqlite3.Row]:
    r"""Read all rows; a byte in them that is no UTF-8 is written as `\xff`, which no JSON has."""
    try:
        return connection.execute(text, params).fetchall()
    except sqlite3.OperationalError as error:
        if not str(error).startswith(_NO_TEXT):
            raise
    # Only now: it takes twice as long, and one row must not hide all others.
    connection.text_factory = _ANY_TEXT
    try:
        return connection.execute(text, params).fetchall()
    finally:
        connection.text_factory = str


@contextmanager
def translating(path: Path, *, waited: float = BUSY_SECONDS) -> Generator[None, None]:
    """Raise what the driver raises inside as a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, path, waited=waited) from error


@contextmanager
def _telling_strangers(path: Path) -> Generator[None, None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if primary_code(error) == sqlite3.SQLITE_NOTADB:
            raise NotOurDatabaseError(str(path), NO_SQLITE) from error
        raise


def translate(error: sqlite3.Error, path: Path, *, waited: float = BUSY_SECONDS) -> StoreError:
    """Say in one sentence what is wrong with the database at a path."""
    code = primary_code(error)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return DatabaseUnusableError(
            str(path), f"locked by another process for {waited:.0f} s; end it and try again"
        )
    return DatabaseUnusableError(str(path), _SENTENCES.get(code, str(error)))


def primary_code(error: sqlite3.Error) -> int:
    """Give SQLite's plain result code; 0 where the error is the driver's own."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY


def is_damage(error: sqlite3.Error) -> bool:
    """Say whether what was read of the file made no sense."""
    return primary_code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def is_busy(error: sqlite3.Error) -> bool:
    """Say whether another connection was in the way, so that trying again may help."""
    return primary_code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@dataclass(frozen=True, slots=True)
class FileState:
    """What a look at the write-ahead log tells of it, without opening it."""

    size: int
    changed_at: int
    """Nanoseconds, in the file system's own steps: two commits may share one."""

    @classmethod
    def of(cls, database: Path) -> "FileState":
        """Look at the log beside this database."""
        try:
            found = os.stat(f"{database}-wal")
        except OSError:
            return cls(0, 0)
        return cls(found.st_size, found.st_mtime_ns)


class FileWatch:
    """Notices that a database was deleted or replaced: SQLite would go on in a nameless file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._identity = self._look()

    def is_any(self) -> bool:
        """Say whether the path leads to a file at all."""
        return self._look() != _NOWHERE

    def is_elsewhere(self) -> bool:
        """Say whether the path leads to another file by now, or to none."""
        return self._look() != self._identity

    def check(self) -> None:
        """Raise DatabaseUnusableError when the path no longer leads to the opened file."""
        if self.is_elsewhere():
            raise DatabaseUnusableError(
                str(self._path), "it was deleted or replaced while it was open"
            )

    def _look(self) -> tuple[int, int]:
        try:
            found = os.stat(self._path)
        except OSError:
            return _NOWHERE
        return (found.st_dev, found.st_ino)


def _prepare_file(path: Path, *, create: bool) -> None:
    try:
        if path.is_dir():
            raise DatabaseUnusableError(str(path), "it is a folder, not a file")
        if not create:
            if not path.exists() or path.stat().st_size == 0:
                raise DatabaseUnusableError(str(path), "there is no database yet; start a run")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                _make_file(path)
        # Its size alone: who closes the file, also one just read, lets go of the locks that this
        # process's other connections hold: https://sqlite.org/howtocorrupt.html, 2.2
        size = path.stat().st_size
    except OSError as error:
        raise DatabaseUnusableError(str(path), f"{error.strerror}: {error.filename}") from error
    # SQLite itself would take a file of one byte for an empty one, and write over it.
    if 0 < size < _SMALLEST:
        raise NotOurDatabaseError(str(path), NO_SQLITE)


def _make_file(path: Path) -> None:
    with _alone_in(path.parent):
        if path.exists():
            return
        # Of a database that was deleted: who has it open still would share them with the new one.
        for end in ("-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        # Made here and not by SQLite, so that nobody else may read it from the start.
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))


@contextmanager
def _alone_in(folder: Path) -> Generator[None, None]:
    # One maker at a time: another may be writing the log of what it has just made.
    if sys.platform == "win32":
        yield
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _use_wal(connection: sqlite3.Connection) -> None:
    # Two processes that make the file at once get "locked" here without any waiting.
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return
