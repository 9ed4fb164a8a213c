"""The values that go in and out of the store."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import JsonValue

from tuiflow.model.content import StoredContent
from tuiflow.model.failure import Failure
from tuiflow.model.ids import NodePath, Revision, RunId, SessionId
from tuiflow.model.outline import Outline
from tuiflow.model.status import Status
from tuiflow.model.stored_medium import StoredMedium

_SILENT_AFTER = 5_000_000  # microseconds; a heartbeat comes every second


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """A run to be made; times are microseconds since 1970."""

    run_id: RunId
    workflow_name: str
    input: StoredContent
    additional_data: dict[str, JsonValue] | None = None
    revision: Revision | None = None
    file: str | None = None
    created_at: int
    session_id: SessionId | None = None
    user_id: str | None = None
    workflow_id: str | None = None
    metadata: StoredContent | None = None
    session_state: StoredContent | None = None
    """What it is given of its own, over what its session has."""
    hidden_kinds: tuple[str, ...] = ()
    """Kinds of events that are kept and not shown unless they are asked for."""
    outline: Outline | None = None
    parent_run_id: RunId | None = None
    root_run_id: RunId | None = None
    host_path: NodePath | None = None
    media: tuple[StoredMedium, ...] = ()
    source_run_id: RunId | None = None
    """The run that this one takes over from, all that was done there before `from_path`."""
    from_path: NodePath | None = None
    blobs: tuple[bytes, ...] = ()
    """What the stored values and `media` name by their hashes, unless it is kept already."""


@dataclass(frozen=True, kw_only=True)
class WorkerRecord:
    """The process that executes a run."""

    run_id: RunId
    mode: Literal["worker", "inline", "starter"]
    """What it does with the run: executes it as a process of ours or of an author's, or has it
    claimed by a worker."""
    pid: int
    started: float
    """When the process began, in seconds since 1970 as psutil gives it."""
    boot_id: str
    """Names the boot and, behind a slash, the namespace in which `pid` counts."""
    host: str
    python: str
    heartbeat: int
    """Microseconds since 1970."""

    def silent_for(self, now: int) -> int:
        """Say for how long it has not been heard of; 0 where that is no longer than usual."""
        silent = now - self.heartbeat
        return silent if silent > _SILENT_AFTER else 0


@dataclass(frozen=True, kw_only=True)
class RunRecord(NewRun):
    """A run as it stands, without its `outline`; `blobs` are read one by one."""

    status: Status
    episode: int
    started_at: int | None
    ended_at: int | None
    content: StoredContent | None
    failure: Failure | None
    reason: str
    cancel_requested_at: int | None
    kill_after: int | None
    """When a run that was asked to end may be killed; microseconds since 1970."""
    cancel_grace: float
    """How many seconds its steps may take to clean up."""
    last_seq: int
    """0 for a nested run: its events stand in its root's log."""
    worker: WorkerRecord | None


@dataclass(frozen=True)
class Lease:
    """The right to write a run's events, until somebody else ends or takes the run."""

    run_id: RunId
    token: str
    episode: int
    last_seq: int
    session_id: SessionId | None = None
    """Whose state the run's events may change."""


@dataclass(frozen=True, kw_only=True)
class EventQuery:
    """Which events to list, a page at a time: give the last one's id as the next bound."""

    run_id: RunId | None = None
    node_path: NodePath | None = None
    """That node and what stands below it."""
    kinds: frozenset[str] | None = None
    levels: frozenset[str] | None = None
    """Only StepLogs, of these levels."""
    text: str | None = None
    """Something in the stored body; letters of either case match."""
    steps: tuple[str, ...] = ()
    """Names or paths with `*` and `?`, anywhere in the path: one of them matches."""
    not_steps: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()
    """Process ids or names of machines, with `*` and `?`: one of them is where the run was."""
    not_texts: tuple[str, ...] = ()
    since: int | None = None
    """Microseconds; `until` is no longer meant."""
    until: int | None = None
    with_hidden: bool = False
    """Also of the kinds that their run's author has chosen to skip."""
    after_seq: int = 0
    """In the log of `run_id`, as `before_seq`: which part of it is looked through."""
    before_seq: int | None = None
    after_id: int = 0
    before_id: int | None = None
    newest_first: bool = False
    limit: int = 200


class CancelAnswer(StrEnum):
    """What became of a wish to cancel."""

    REQUESTED = "requested"
    NEVER_STARTED = "never started"
    ALREADY_OVER = "already over"
