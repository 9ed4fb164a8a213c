"""Loads and saves the state of one run's session, on the connection that writes its events."""

import json
import sqlite3

from pydantic import JsonValue

from tuiflow.errors import SessionUnreadableError
from tuiflow.model.ids import SessionId
from tuiflow.model.session import SeenState, StateChanges, StoredState
from tuiflow.store.columns import DATA, problem_of
from tuiflow.store.queries import sql


class SessionWriter:
    """What one run knows of its session; to be used inside the transactions of its log."""

    def __init__(self, connection: sqlite3.Connection, session_id: SessionId) -> None:
        self._connection = connection
        self._session_id = session_id
        self._seen = SeenState()
        self._saved: list[StateChanges] = []

    def load(self) -> StoredState:
        """Read the session's state as it is now; empty for a new session."""
        self._seen = SeenState(self._read())
        return dict(self._seen.values)

    def save(self, changes: StateChanges, at: int) -> tuple[str, ...]:
        """Save changes over what is stored; give the keys that others have changed meanwhile."""
        stored = self._read()
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

    def _read(self) -> dict[str, JsonValue]:
        params = {"session_id": self._session_id}
        rows = self._connection.execute(sql("read_session"), params).fetchall()
        if not rows:
            return {}
        try:
            return DATA.validate_python(json.loads(rows[0][0]))
        except (ValueError, RecursionError) as error:
            raise SessionUnreadableError(self._session_id, problem_of(error)) from None
