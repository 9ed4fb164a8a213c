"""Reads a session's state as it is stored."""

import json
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

from pydantic import JsonValue

from tuiflow.errors import SessionUnreadableError
from tuiflow.model.session import StoredState
from tuiflow.store.columns import DATA, problem_of
from tuiflow.store.connection import fetch_all, open_for_reading, translating
from tuiflow.store.database import SqliteDb
from tuiflow.store.queries import sql


def read_session_state(db: SqliteDb, session_id: str) -> StoredState:
    """Read it between two runs, on a connection of its own; raises StoreError."""
    path = Path(db.db_file)
    if not path.exists():
        return {}
    with translating(path), closing(open_for_reading(path)) as connection:
        return read_state(connection, session_id)


def read_state(connection: Connection, session_id: str) -> dict[str, JsonValue]:
    """Read it, empty where there is none yet; raises SessionUnreadableError and sqlite3.Error."""
    rows = fetch_all(connection, sql("read_session"), {"session_id": session_id})
    if not rows:
        return {}
    try:
        return DATA.validate_python(json.loads(rows[0][0]))
    except (ValueError, RecursionError) as error:
        raise SessionUnreadableError(session_id, problem_of(error)) from None
