"""Loads and saves the state of one run's session, on the connection that writes its events."""

import json
import sqlite3

from tuiflow.model.ids import SessionId
from tuiflow.model.session import SeenState, StateChanges, StoredState
from tuiflow.store.queries import sql
from tuiflow.store.session_reader import read_state


class SessionWriter:
    """What one run knows of its session; to be used inside the transactions of its log."""

    def __init__(self, connection: sqlite3.Connection, session_id: SessionId) -> None:
        self._connection = connection
        self._session_id = session_id
        self._seen = SeenState()
        self._saved: list[StateChanges] = []

    def load(self) -> StoredState:
        """Read the session's state as it is now; empty for a new session."""
        self._seen = SeenState(read_state(self._connection, self._session_id))
        return dict(self._seen.values)

    def save(self, changes: StateChanges, at: int) -> tuple[str, ...]:
        """Save changes over what is stored; give the keys that others have changed meanwhile."""
        stored = read_state(self._connection, self._session_id)
        lost = self._seen_with_saved().lay_on(stored, changes)
        state = json.dumps(stored, separators=(",", ":"))
        params = {"session_id": self._session_id, "state": state, "at": at}
        self._connection.execute(sql("save_session"), params)
        self._saved.append(changes)
        return lost

    def committed(self) -> None:
        """Know that what was saved is there to stay."""
        self._seen = self._seen_with_saved()
        self._saved.clear()

    def undone(self) -> None:
        """Know that what was saved since the last commit is not."""
        self._saved.clear()

    def _seen_with_saved(self) -> SeenState:
        if not self._saved:
            return self._seen
        seen = SeenState(dict(self._seen.values))
        for changes in self._saved:
            seen.keep(changes)
        return seen
