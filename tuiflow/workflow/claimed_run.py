"""Executes a run that was claimed: what a worker and a program that runs inline share."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, cast

from anyio import CancelScope, from_thread, to_thread
from anyio.lowlevel import EventLoopToken, current_token

from tuiflow.engine import Host, RunRequest, StepOutput, WorkflowDefinition, execute
from tuiflow.engine.journal import Journal
from tuiflow.engine.past_runs import PastRuns, Turn
from tuiflow.engine.step_io import content_text
from tuiflow.errors import InputError, SessionUnreadableError, StepFailedError, StoreError
from tuiflow.model.content import NotRestorableError, StoredContent, decode_content
from tuiflow.model.events import WorkflowErrorEvent, WorkflowStartedEvent
from tuiflow.model.failure import describe_exception
from tuiflow.model.ids import root_path
from tuiflow.model.media import Medium
from tuiflow.model.run_event import RunEvent
from tuiflow.model.session import StoredState
from tuiflow.model.status import Status
from tuiflow.store import (
    EventLog,
    Lease,
    RunRecord,
    SqliteDb,
    Store,
    read_past_runs,
    read_past_state,
)
from tuiflow.workflow.kept_media import reader_of, restore_media
from tuiflow.workflow.reading_journal import read_journal
from tuiflow.workflow.store_host import StoreHost

INTERRUPTED = "its program was interrupted"


@dataclass(frozen=True, slots=True)
class InlineValues:
    """What only the program that starts a run itself can give it: objects, not their JSON."""

    input: object
    session_state: Mapping[str, Any]
    """What the run itself is given, over what its session has."""
    metadata: dict[str, Any] | None
    """None for what was stored with the run."""
    dependencies: dict[str, Any]
    media: tuple[Medium, ...] = ()


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended; `error` is what its caller is to be told."""

    status: Status
    output: StepOutput | None = None
    error: StepFailedError | InputError | None = None


class RunControl:
    """A running run, for whoever started it: cancel it, or write into its log."""

    host: Host

    def __init__(self) -> None:
        self.reason = ""
        self.scope = CancelScope()
        self.on_cancel: Callable[[], None] | None = None
        """Called once, from whatever thread asks, before the scope is cancelled."""
        self.on_failure: Callable[[StoreError], None] | None = None
        """Called with the reason, likewise, when nothing more of the run can be recorded."""
        self._loop: EventLoopToken = current_token()
        self._lock = threading.Lock()
        self._is_cancelled = False

    @property
    def is_cancelled(self) -> bool:
        """Somebody has asked the run to stop."""
        return self._is_cancelled

    def emit(self, event: RunEvent) -> None:
        """Record a fact from any thread, as captured output is."""
        self.host.emit(event)

    def cancel(self, reason: str = "") -> None:
        """Ask the run to stop; from any thread, at once, and only the first reason counts."""
        with self._lock:
            if self._is_cancelled:
                return
            self._is_cancelled = True
            self.reason = reason
        if self.on_cancel is not None:
            self.on_cancel()
        # A step that holds the loop would hold the caller too, who may be the log's own thread.
        threading.Thread(target=self._cancel_scope, name="tuiflow cancel", daemon=True).start()

    def fail(self, error: StoreError) -> None:
        """Stop a run whose events can no longer be recorded; from any thread."""
        if self.on_failure is not None:
            self.on_failure(error)
        self.cancel(str(error))

    def _cancel_scope(self) -> None:
        with suppress(RuntimeError):
            from_thread.run_sync(self.scope.cancel, self.reason, token=self._loop)


async def run_claimed(
    definition: WorkflowDefinition,
    store: Store,
    lease: Lease,
    run: RunRecord,
    *,
    on_started: Callable[[RunControl], None] | None = None,
) -> Status:
    """Execute a claimed run to its end and say how it ended; raises StoreError.

    `on_started` is given the run's control before the first step.
    """
    end = await execute_claimed(definition, store, lease, run, on_started=on_started)
    return end.status


async def execute_claimed(
    definition: WorkflowDefinition,
    store: Store,
    lease: Lease,
    run: RunRecord,
    *,
    values: InlineValues | None = None,
    on_started: Callable[[RunControl], None] | None = None,
) -> RunEnd:
    """Execute a claimed run and give its output or its error; `values` as they are, if inline."""
    control = RunControl()
    log = EventLog(store.db, lease, on_cancel=control.cancel, on_failure=control.fail)
    try:
        read_blob = reader_of(SqliteDb(store.path))
        media = values.media if values else restore_media(run.media, read_blob)
        kept = dict(zip(media, run.media, strict=True))
        control.host = StoreHost(log, lease, store, run, definition.dropped_kinds, kept)
        if on_started is not None:
            on_started(control)
        try:
            state = log.load_session()
        except SessionUnreadableError as error:
            return await _refuse(definition, run, control, InputError(str(error)))
        given = _Given(values, state, tuple(media))
        return await _execute(definition, store, run, control, given, lease)
    finally:
        with CancelScope(shield=True):
            await to_thread.run_sync(log.close)


async def _execute(
    definition: WorkflowDefinition,
    store: Store,
    run: RunRecord,
    control: RunControl,
    given: "_Given",
    lease: Lease,
) -> RunEnd:
    try:
        journal = await read_journal(store, lease, run)
        given = await _as_it_was(store, run, journal, given)
        request = replace(await _request(definition, store, run, given), journal=journal)
    except InputError as error:
        return await _refuse(definition, run, control, error)
    return await run_under_control(definition, request, control)


async def run_under_control(
    definition: WorkflowDefinition, request: RunRequest, control: RunControl
) -> RunEnd:
    """Execute inside the control's scope, and say how it ended."""
    try:
        with control.scope:
            output = await execute(
                definition, request, control.host, reason=lambda: control.reason or INTERRUPTED
            )
            if output is not None:
                return RunEnd(Status.COMPLETED, output)
    except StepFailedError as error:
        return RunEnd(Status.ERROR, error=error)
    return RunEnd(Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class _Given:
    values: InlineValues | None
    stored_state: StoredState
    media: tuple[Medium, ...]
    is_saved: bool = False
    """Whether the run has saved some state by now, and so what it was given."""


async def _as_it_was(
    store: Store, run: RunRecord, journal: Journal | None, given: _Given
) -> _Given:
    if journal is None:
        return given
    if run.from_path is not None:
        past = await to_thread.run_sync(read_past_state, SqliteDb(store.path), run.run_id)
        return replace(given, stored_state=past.seen.values, is_saved=past.is_saved)
    own = journal.state.values
    stored = own if run.session_id is None else given.stored_state
    return replace(given, stored_state=stored, is_saved=bool(own))


async def _request(
    definition: WorkflowDefinition, store: Store, run: RunRecord, all_given: _Given
) -> RunRequest:
    given = all_given.values or await _worker_values(definition, store, run)
    state = given.session_state
    if not state and not all_given.is_saved and run.session_state is not None:
        state = cast("dict[str, Any]", await _read(store, run.session_state, "session_state"))
    metadata = given.metadata
    if metadata is None:
        read = run.metadata and await _read(store, run.metadata, "metadata")
        metadata = cast("dict[str, Any]", read or dict(definition.metadata))
    return RunRequest(
        run.run_id,
        input=given.input,
        additional_data=run.additional_data,
        media=all_given.media,
        session_id=run.session_id,
        user_id=run.user_id,
        session_state=state,
        stored_state=all_given.stored_state,
        past=_past_of(store, run),
        metadata=metadata,
        dependencies=given.dependencies,
        revision=run.revision,
        stored_input=run.input,
    )


async def _worker_values(
    definition: WorkflowDefinition, store: Store, run: RunRecord
) -> InlineValues:
    given = definition.validate_input(await _read(store, run.input, "input"))
    return InlineValues(given, {}, None, dict(definition.dependencies))


def _past_of(store: Store, run: RunRecord) -> PastRuns | None:
    session_id = run.session_id
    if session_id is None:
        return None

    def read(limit: int | None) -> list[Turn]:
        found = read_past_runs(SqliteDb(store.path), session_id, run.run_id, limit)
        return [(content_text(given), content_text(gave)) for given, gave in found]

    return PastRuns(read)


async def _read(store: Store, stored: StoredContent, what: str) -> object:
    blob = await store.get_blob(stored.blob) if stored.blob else None
    try:
        return decode_content(stored, blob)
    except NotRestorableError as error:
        raise InputError(f"its {what}: {error}") from error


async def _refuse(
    definition: WorkflowDefinition, run: RunRecord, control: RunControl, error: InputError
) -> RunEnd:
    path = root_path(definition.name)
    control.emit(
        WorkflowStartedEvent(
            node_path=path,
            input=run.input,
            additional_data=run.additional_data,
            media=run.media,
            revision=run.revision,
            outline=definition.tree,
        )
    )
    failure = describe_exception(error).model_copy(update={"frames": (), "cause": None})
    control.emit(WorkflowErrorEvent(node_path=path, failure=failure))
    await control.host.commit()
    return RunEnd(Status.ERROR, error=error)
