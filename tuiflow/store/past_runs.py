"""Reads what a session's earlier runs were given and gave, for a step that asks."""

import json
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

from pydantic import JsonValue

from tuiflow.model.content import StoredContent
from tuiflow.model.ids import RunId, SessionId
from tuiflow.model.plain_json import plain_json
from tuiflow.store.columns import problem_of
from tuiflow.store.connection import fetch_all, open_for_reading, translating
from tuiflow.store.database import SqliteDb
from tuiflow.store.queries import sql


def read_past_runs(
    db: SqliteDb, session_id: SessionId, before: RunId, limit: int | None
) -> list[tuple[JsonValue, JsonValue]]:
    """Read input and content of the newest completed runs before one, oldest first; None for all.

    The values are without their types; what was never more than a preview is that text. Raises
    StoreError. A call opens a connection of its own, so any thread may ask.
    """
    path = Path(db.db_file)
    params = {
        "session_id": session_id,
        "run_id": before,
        "limit": -1 if limit is None else limit,
    }
    with translating(path), closing(open_for_reading(path)) as connection:
        rows = fetch_all(connection, sql("past_runs"), params)
        return [
            (_value(connection, row["input"]), _value(connection, row["content"]))
            for row in reversed(rows)
        ]


def _value(connection: Connection, text: str | None) -> JsonValue:
    try:
        stored = StoredContent() if text is None else StoredContent.model_validate_json(text)
    except (ValueError, RecursionError) as error:
        return f"unreadable: {problem_of(error)}"
    if not stored.restorable:
        return stored.preview
    if stored.blob is None:
        return plain_json(stored.value)
    row = connection.execute(sql("get_blob"), {"digest": stored.blob}).fetchone()
    try:
        return stored.preview if row is None else plain_json(json.loads(row["raw"]))
    except (ValueError, RecursionError):
        return stored.preview
