"""Reads a session's state as it is stored, for who asks between two runs."""

import json
from contextlib import closing
from pathlib import Path

from tuiflow.model.session import StoredState
from tuiflow.store.connection import open_for_reading, translating
from tuiflow.store.database import SqliteDb
from tuiflow.store.queries import sql


def read_session_state(db: SqliteDb, session_id: str) -> StoredState:
    """Read it on a connection of its own; empty where there is none yet. Raises StoreError."""
    path = Path(db.db_file)
    if not path.exists():
        return {}
    with translating(path), closing(open_for_reading(path)) as connection:
        row = connection.execute(sql("read_session"), {"session_id": session_id}).fetchone()
    return {} if row is None else json.loads(row["state"])
