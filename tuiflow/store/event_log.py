"""The one writer of a run's events: appended from any thread, committed in groups."""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import anyio
from anyio import lowlevel, to_thread

from tuiflow.errors import StoreError
from tuiflow.model.clock import now
from tuiflow.model.events import StepLogEvent, event_body
from tuiflow.model.ids import NodePath
from tuiflow.model.run_event import RunEvent
from tuiflow.model.session import StoredState, conflict_sentence
from tuiflow.store.connection import is_busy, translate, translating
from tuiflow.store.database import SqliteDb, redactor_of
from tuiflow.store.event_writer import Batch, EventRow, EventWriter, turns_rows
from tuiflow.store.records import Lease
from tuiflow.store.transitions import is_end

GROUP_SECONDS = 0.02
LOOK_SECONDS = 0.1
BEAT_SECONDS = 1.0
LOCKED_SECONDS = 60.0  # after this long, a database locked by others fails the run
_RETRY_SECONDS = 0.02
_LONGEST_TURN = 0.5  # seconds; a try that took longer has stood still with the whole process
_TURN_SECONDS = 0.002  # how long a commit waits for the thread before it leaves it the work
_INLINE_ROWS = 500  # about 5 ms; more are the thread's work
_MOST_PENDING = 20_000
_ROOM_SECONDS = 1.0


class EventLog:
    """Records one run's events under a lease; what comes after the run's end is dropped."""

    def __init__(
        self,
        db: SqliteDb,
        lease: Lease,
        *,
        on_cancel: Callable[[str], None] | None = None,
        on_failure: Callable[[StoreError], None] | None = None,
        beat: bool = True,
        clock: Callable[[], int] = now,
    ) -> None:
        self.failed: StoreError | None = None
        self._path = Path(db.db_file)
        self._lease = lease
        self._clock = clock
        self._redactor = redactor_of(db)
        self._beats = beat
        self._seq = lease.last_seq
        self._committed = lease.last_seq
        self._at = 0
        self._rows: list[EventRow] = []
        self._blobs: list[tuple[str, bytes]] = []
        self._turns: list[tuple[RunEvent, int]] = []
        self._is_over = False
        self._is_lossy = False
        self._on_cancel = on_cancel
        self._on_failure = on_failure
        self._cancel_reason: str | None = None
        self._closing = threading.Event()
        self._left: anyio.Event | None = None
        """Set once what is left to the thread just now is committed."""
        # `_changed` guards all of the above; `_writing` says who holds the connection.
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._writer = EventWriter(db, lease)
        self._thread = threading.Thread(target=self._run, name="tuiflow event log", daemon=True)
        self._thread.start()

    def load_session(self) -> StoredState:
        """Read the state of the run's session, before its first event; raises StoreError."""
        with self._writing, translating(self._path):
            return self._writer.load_session()

    def append(self, event: RunEvent) -> None:
        """Give an event its seq and time and have it committed soon; from any thread."""
        if self._redactor is not None:
            event = self._redactor.event(event)
        body = event_body(event)
        with self._changed:
            self._is_lossy = self._is_lossy or self.failed is not None
            if self._is_over or self.failed is not None:
                return
            self._seq += 1
            # Who sets the clock back must not turn round what came first.
            self._at = at = max(self._at + 1, self._clock())
            lease = self._lease
            self._rows.append(
                (lease.run_id, self._seq, at, lease.episode, event.event, event.node_path, body)
            )
            if turns_rows(event):
                self._turns.append((event, at))
                self._is_over = is_end(event)
            if len(self._rows) > _MOST_PENDING:
                # Whoever floods the log waits for it, or memory would grow without end.
                self._hurry.set()
                self._wake.set()
                self._changed.wait_for(self._has_room, _ROOM_SECONDS)
        if not self._wake.is_set():
            self._wake.set()

    def append_blob(self, digest: str, raw: bytes) -> None:
        """Have a blob committed before, or together with, the events that name it."""
        with self._changed:
            self._blobs.append((digest, raw))
        self._wake.set()

    async def commit(self) -> None:
        """Return once everything appended so far is committed; raises StoreError."""
        seq = self._seq
        # Branches that start together have all appended once this comes back: one commit is
        # all of theirs.
        await lowlevel.checkpoint()
        if not self._is_committed(seq) and len(self._rows) <= _INLINE_ROWS:
            self._commit_inline()
        while not self._is_committed(seq):
            await self._leave_to_thread()
        if self.failed is not None:
            raise self.failed

    async def _leave_to_thread(self) -> None:
        if self._left is not None:
            # Somebody waits already; a thousand branches need no thread each.
            await self._left.wait()
            return
        self._left = left = anyio.Event()
        try:
            self._hurry.set()
            self._wake.set()
            await to_thread.run_sync(self._wait_for, self._seq, abandon_on_cancel=True)
        finally:
            self._left = None
            left.set()

    def close(self) -> None:
        """Commit the rest and end the thread; raises StoreError when something was lost."""
        self._closing.set()
        self._hurry.set()
        self._wake.set()
        self._thread.join()
        self._writer.close()
        if self.failed is not None and (self._is_lossy or self._rows):
            raise self.failed

    def _is_committed(self, seq: int) -> bool:
        return self.failed is not None or (self._committed >= seq and not self._blobs)

    def _has_room(self) -> bool:
        return self.failed is not None or len(self._rows) <= _MOST_PENDING

    def _wait_for(self, seq: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_committed(seq))

    def _commit_inline(self) -> None:
        if not self._writing.acquire(timeout=_TURN_SECONDS):
            return
        try:
            self._write_pending()
        except StoreError as error:
            self._fail(error)
        except sqlite3.Error as error:
            if not is_busy(error):
                self._fail(translate(error, self._path))
        finally:
            self._writing.release()

    def _write_pending(self) -> None:
        with self._changed:
            batch = Batch(self._rows[:], self._blobs[:], self._turns[:])
        if not batch.rows and not batch.blobs:
            return
        lost = self._writer.write(batch)
        with self._changed:
            del self._rows[: len(batch.rows)]
            del self._blobs[: len(batch.blobs)]
            del self._turns[: len(batch.turns)]
            self._committed += len(batch.rows)
            self._changed.notify_all()
        if lost and self._lease.session_id is not None:
            root = NodePath(batch.rows[0][5].partition("/")[0])
            text = conflict_sentence(self._lease.session_id, lost)
            self.append(StepLogEvent(node_path=root, text=text, level="warning"))

    def _fail(self, error: StoreError) -> None:
        with self._changed:
            self.failed = self.failed or error
            self._changed.notify_all()
            tell, self._on_failure = self._on_failure, None
        if tell is not None and not self._closing.is_set():
            tell(error)

    def _run(self) -> None:
        try:
            self._keep_writing()
        except Exception as error:  # noqa: BLE001 - a log that ends must say so to who waits for it
            self._fail(StoreError(f"the event log of {self._path} failed: {error!r}"))

    def _keep_writing(self) -> None:
        next_beat = 0.0
        while self.failed is None:
            is_closing = self._closing.is_set()
            if not is_closing and self._wake.wait(LOOK_SECONDS):
                self._wake.clear()
                self._hurry.wait(GROUP_SECONDS)
            self._hurry.clear()
            self._with_retries(self._write_pending)
            if is_closing:
                return
            self._with_retries(self._look)
            self._tell()
            if self._beats and time.monotonic() >= next_beat:
                next_beat = time.monotonic() + BEAT_SECONDS
                self._with_retries(self._beat)

    def _look(self) -> None:
        # Once the run is over its lease is gone, and that is as it should be.
        if not self._is_over:
            self._cancel_reason = self._writer.look()

    def _tell(self) -> None:
        if self._cancel_reason is not None and self._on_cancel is not None:
            tell, self._on_cancel = self._on_cancel, None
            tell(self._cancel_reason)

    def _beat(self) -> None:
        self._writer.beat(self._clock())

    def _with_retries(self, act: Callable[[], None]) -> None:
        waited = 0.0
        while self.failed is None:
            began = time.monotonic()
            try:
                with self._writing:
                    act()
            except StoreError as error:
                self._fail(error)
            except sqlite3.Error as error:
                if not is_busy(error) or waited > LOCKED_SECONDS:
                    self._fail(translate(error, self._path, waited=LOCKED_SECONDS))
                time.sleep(_RETRY_SECONDS)
                waited += min(time.monotonic() - began, _LONGEST_TURN)
            else:
                return
