"""Reads one run's events for a plain caller: no loop, no thread, one connection that only reads."""

from pathlib import Path

from tuiflow.model.events import Event
from tuiflow.model.ids import RunId
from tuiflow.store.connection import fetch_all, open_for_reading, translating
from tuiflow.store.database import SqliteDb
from tuiflow.store.queries import sql
from tuiflow.store.rows import read_events

_PAGE = 500  # events: what is read at once is all that is held


class EventReader:
    """Follows a run's log from the side, by one thread at a time; raises StoreError."""

    def __init__(self, db: SqliteDb, run_id: RunId) -> None:
        self._path = Path(db.db_file)
        self._run_id = run_id
        self._version = -1
        self._connection = open_for_reading(self._path)

    def read(self, after: int) -> list[Event]:
        """Read the next page of events of all kinds; empty where nothing new is committed."""
        with translating(self._path):
            version = self._connection.execute("PRAGMA data_version").fetchone()[0]
            if version == self._version:
                return []
            params = {"run_id": self._run_id, "seq": after, "limit": _PAGE}
            rows = fetch_all(self._connection, sql("events_after"), params)
        if len(rows) < _PAGE:
            # Only now all of that version is known.
            self._version = version
        return read_events(rows)

    def close(self) -> None:
        """Close the connection; more than once does no harm."""
        self._connection.close()
