"""Brings a database to the newest schema, and refuses what is not ours."""

import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tuiflow.errors import NewerDatabaseError, NotOurDatabaseError

APPLICATION_ID = 0x74756966  # "tuif" in ASCII
_FOLDER = Path(__file__).parent / "sql" / "migrations"


def identify(connection: sqlite3.Connection, path: str) -> int:
    """Give the schema's version, 0 for an empty file; raises for what is newer or not ours."""
    application = _pragma(connection, "application_id")
    version = _pragma(connection, "user_version")
    if application != APPLICATION_ID:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application or version or tables:
            raise NotOurDatabaseError(path, "it is another program's database")
    if version > len(_migrations()):
        raise NewerDatabaseError(path, version, len(_migrations()))
    return version


def migrate(connection: sqlite3.Connection, path: str) -> None:
    """Apply the migrations that are missing, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while this one waited for its turn.
        version = identify(connection, path)
        for migration in _migrations()[version:]:
            for statement in _statements(migration.read_text(encoding="utf-8")):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(_migrations())}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def is_current(version: int) -> bool:
    """Say whether nothing has to be migrated."""
    return version == len(_migrations())


@cache
def _migrations() -> list[Path]:
    return sorted(_FOLDER.glob("*.sql"))


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    # `executescript` would commit first, and with that give the turn away.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
