"""Reads the state of a session as a run saw it that another takes over from, out of its events."""

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection, Row
from typing import Any

from tuiflow.errors import SessionUnreadableError
from tuiflow.model.events import SAVING_KINDS
from tuiflow.model.ids import RunId, short_id
from tuiflow.model.session import SeenState, StateChanges
from tuiflow.store.columns import problem_of
from tuiflow.store.connection import fetch_all, open_for_reading, translating
from tuiflow.store.database import SqliteDb
from tuiflow.store.queries import sql

_NEWEST = 2**63 - 1  # larger than any id
_SAVING = json.dumps(sorted(SAVING_KINDS))


@dataclass(frozen=True, slots=True)
class PastState:
    """A session's state for a run that begins at a node of another."""

    seen: SeenState
    is_saved: bool
    """Whether that run, or this one in an earlier episode, has saved some of its own."""


def read_past_state(db: SqliteDb, run_id: RunId) -> PastState:
    """Read the state as it was at the node a run begins with, and what it has changed since.

    Where the other run is gone, as it was when this one began. On a connection of its own; raises
    StoreError.
    """
    path = Path(db.db_file)
    with translating(path), closing(open_for_reading(path)) as connection:
        return _read(connection, run_id, _NEWEST)


def _read(connection: Connection, run_id: RunId, before: int) -> PastState:
    params = {"run_id": run_id, "before": before, "kinds": _SAVING}
    run = connection.execute(sql("read_runs", "with_id"), params).fetchone()
    past = _read_source(connection, run) if run["from_path"] is not None else None
    if past is None:
        # What it loaded at its beginning: all that the session's runs had saved by then.
        loaded = connection.execute(sql("find_loading"), params).fetchone()["id"]
        others = params | {"session_id": run["session_id"], "before": loaded or before}
        past = PastState(SeenState(), is_saved=False)
        _keep(past.seen, connection, "list_changes_of_others", others)
    is_saved = _keep(past.seen, connection, "list_own_changes", params)
    return PastState(past.seen, is_saved=is_saved or past.is_saved)


def _read_source(connection: Connection, run: Row) -> PastState | None:
    params = {"run_id": run["source_run_id"], "path": run["from_path"]}
    if connection.execute(sql("read_runs", "with_id"), params).fetchone() is None:
        return None
    began = connection.execute(sql("find_beginning"), params).fetchone()["id"]
    return _read(connection, run["source_run_id"], began or _NEWEST)


def _keep(seen: SeenState, connection: Connection, query: str, params: dict[str, Any]) -> bool:
    rows = fetch_all(connection, sql(query), params)
    for row in rows:
        try:
            seen.keep(StateChanges.model_validate(json.loads(row["body"])["state"]))
        except (ValueError, TypeError, RecursionError) as error:
            where = f"event {row['seq']} of run {short_id(row['run_id'])}"
            problem = f"{where}: {problem_of(error)}"
            raise SessionUnreadableError(row["session_id"], problem) from None
    return bool(rows)
