"""Writes batches of a run's events in fenced transactions, on one plain connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tuiflow.errors import FencedError
from tuiflow.model.events import RUN_END_KINDS, state_changes
from tuiflow.model.run_event import RunEvent, WorkflowRunEvent
from tuiflow.model.session import StoredState
from tuiflow.store.connection import FileWatch, connect, translating
from tuiflow.store.database import SqliteDb
from tuiflow.store.queries import sql
from tuiflow.store.records import Lease
from tuiflow.store.session_writer import SessionWriter
from tuiflow.store.transitions import EndEvent, end_columns, is_end

BUSY_SECONDS = 0.005  # an inline commit must not hold the loop up for longer
_EXACT = 16  # up to here each number of rows has a statement of its own
_SIZES = (16, 64, 256)  # above, they go in pieces; each size is compiled once
_STARTING_KINDS = frozenset(
    {str(WorkflowRunEvent.workflow_started), str(WorkflowRunEvent.workflow_resumed)}
)
_TURNING_KINDS = RUN_END_KINDS | _STARTING_KINDS

EventRow = tuple[str, int, int, int, str, str, str]
"""run_id, seq, at, episode, kind, node_path, body: as `insert_events` wants them."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction writes."""

    rows: Sequence[EventRow]
    blobs: Sequence[tuple[str, bytes]]
    turns: Sequence[tuple[RunEvent, int]]
    """Events that change the row of a run or a session, each with its time."""


class EventWriter:
    """One connection with a lease; to be used by one thread at a time."""

    def __init__(self, db: SqliteDb, lease: Lease) -> None:
        self._lease = lease
        path = Path(db.db_file)
        with translating(path):
            self._connection = connect(path, busy_seconds=BUSY_SECONDS, synchronous=db.synchronous)
        self._watch = FileWatch(path)
        session_id = lease.session_id
        self._session = SessionWriter(self._connection, session_id) if session_id else None
        self._lease_params = {
            "run_id": lease.run_id,
            "token": lease.token,
            "episode": lease.episode,
        }

    def load_session(self) -> StoredState:
        """Read the state of the run's session; empty where it has none."""
        return self._session.load() if self._session else {}

    def write(self, batch: Batch) -> tuple[str, ...]:
        """Commit a batch; raises FencedError, StoreError, or sqlite3.Error with nothing written.

        Gives the keys of the session that were changed here and, meanwhile, by another run.
        """
        if len(batch.rows) <= _EXACT and not batch.blobs and not batch.turns:
            # The barrier before a step: one statement is a transaction of its own, and five
            # would wait for the interpreter's lock five times where other steps compute.
            self._insert(batch.rows)
            return ()
        self._watch.check()
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            self._read_lease()
            self._write_blobs(batch.blobs)
            self._insert(batch.rows)
            lost = [key for turn in batch.turns for key in self._save_state(*turn)]
            for event, at in batch.turns:
                self._turn(event, at)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if self._session is not None:
                self._session.undone()
            raise
        if self._session is not None:
            self._session.committed()
        return tuple(dict.fromkeys(lost))

    def look(self) -> str | None:
        """Give the reason when a cancel was asked for; raises FencedError and StoreError."""
        self._watch.check()
        return self._read_lease()

    def beat(self, at: int) -> None:
        """Say that this process is alive."""
        self._connection.execute(sql("beat"), {"run_id": self._lease.run_id, "at": at})

    def close(self) -> None:
        """Close the connection; SQLite merges the log when it was the last one."""
        self._connection.close()

    def _read_lease(self) -> str | None:
        rows = self._connection.execute(sql("read_lease"), self._lease_params).fetchall()
        if not rows:
            raise FencedError(self._lease.run_id)
        requested_at, reason = rows[0]
        return None if requested_at is None else str(reason)

    def _write_blobs(self, blobs: Sequence[tuple[str, bytes]]) -> None:
        for digest, raw in blobs:
            self._connection.execute(sql("save_blob"), {"digest": digest, "raw": raw})
            self._connection.execute(
                sql("use_blob"), {"digest": digest, "run_id": self._lease.run_id}
            )

    def _insert(self, rows: Sequence[EventRow]) -> None:
        start = 0
        while start < len(rows):
            left = len(rows) - start
            size = left if left <= _EXACT else max(size for size in _SIZES if size <= left)
            values: list[Any] = []
            for row in rows[start : start + size]:
                values += row
            values += (self._lease.run_id, self._lease.token, self._lease.episode)
            if self._connection.execute(_insert_sql(size), values).rowcount != size:
                raise FencedError(self._lease.run_id)
            start += size

    def _save_state(self, event: RunEvent, at: int) -> tuple[str, ...]:
        changes = state_changes(event)
        if changes is None or self._session is None:
            return ()
        return self._session.save(changes, at)

    def _turn(self, event: RunEvent, at: int) -> None:
        run_id = event.nested_run_id or self._lease.run_id
        if isinstance(event, EndEvent):
            columns = end_columns(event, at)
            self._connection.execute(sql("end_run"), {"run_id": run_id, **columns})
            if is_end(event):
                self._connection.execute(sql("end_open_nested_runs"), {"run_id": run_id, **columns})
        elif event.event in _STARTING_KINDS:
            self._connection.execute(sql("start_run"), {"run_id": run_id, "at": at})


def turns_rows(event: RunEvent) -> bool:
    """Say whether an event changes more than the log: its run's own row, or its session's."""
    # By its kind: asking a model class whether it is one costs more than the rest of an append.
    return event.event in _TURNING_KINDS or state_changes(event) is not None


@cache
def _insert_sql(size: int) -> str:
    row = "(?, ?, ?, ?, ?, ?, ?)"
    return sql("insert_events").replace(row, ", ".join([row] * size))
