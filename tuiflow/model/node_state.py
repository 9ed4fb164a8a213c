"""What the fold knows of one node and of the run as a whole: values, replaced and never changed.

Nodes are tuples: one is copied for each event, and copying a dataclass takes five times as long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from pydantic import JsonValue

from tuiflow.model.content import StoredContent
from tuiflow.model.failure import Failure
from tuiflow.model.ids import NodePath, Revision, RunId
from tuiflow.model.outline import NodeKind
from tuiflow.model.status import Status
from tuiflow.model.stored_medium import StoredMedium

NOT_REACHED = "not reached"
"""Why a node was skipped that the run ended before."""
NOT_TAKEN = "branch not taken"
NOT_CHOSEN = "not chosen"
INTERRUPTED = "it was interrupted"
"""Why an attempt has no failure that has not succeeded either."""


class Attempt(NamedTuple):
    """One try of a step; times are microseconds since 1970."""

    number: int
    started_at: int
    ended_at: int | None = None
    failure: Failure | None = None


class Progress(NamedTuple):
    """How far a step says it is."""

    done: float
    total: float | None = None
    message: str = ""


class NodeState(NamedTuple):
    """One node of the tree; times are microseconds since 1970."""

    path: NodePath
    kind: NodeKind
    name: str
    label: str = ""
    status: Status = Status.PENDING
    started_at: int | None = None
    ended_at: int | None = None
    attempts: tuple[Attempt, ...] = ()
    max_attempts: int = 1
    executor_name: str = ""
    executor_type: str = "function"
    previous: NodePath | None = None
    """Whose content this node was given as the previous step's."""
    content: StoredContent | None = None
    """What a step gave; a composite's is derived: see `RunState.content_path`."""
    media: tuple[StoredMedium, ...] = ()
    """What it made itself; a composite's are those of its children: see `RunState.media_of`."""
    failure: Failure | None = None
    had_success: bool = True
    """What a step that gave something said of it."""
    has_stopped: bool = False
    """It gave what the run ended with early, or the one inside it that did."""
    reason: str = ""
    """Why it was skipped or cancelled, or what it waits for."""
    decision: str = ""
    """What a condition saw or a router chose, in words."""
    progress: Progress | None = None
    children: tuple[NodePath, ...] = ()
    nested_run_id: RunId | None = None
    input: StoredContent | None = None
    """What a nested run was given."""
    reused_from: RunId | None = None
    """The other run that a reused step was taken from."""

    @property
    def is_settled(self) -> bool:
        """Say whether it did what it was there for, or was rightly left out."""
        # Asked of each child for every frame: a set of statuses would take most of the time.
        if self.status is Status.SKIPPED:
            return self.reason != NOT_REACHED
        return self.status is Status.COMPLETED or self.status is Status.REUSED

    @property
    def gave_nothing(self) -> bool:
        """Say whether it ended without an output: it raised, or was stopped."""
        return self.status in {Status.ERROR, Status.CANCELLED, Status.CRASHED}

    def name_try(self, number: int) -> str:
        """Name an attempt: `try 2/3`, or `try 2` where it is not known how many there may be."""
        return (
            f"try {number}/{self.max_attempts}" if number <= self.max_attempts else f"try {number}"
        )

    def at_try(self, number: int) -> "NodeState":
        """Give the node as one of its attempts has left it."""
        until = tuple(each for each in self.attempts if each.number <= number)
        if not until:
            return self
        last = until[-1]
        was_stopped = last.failure is None
        return self._replace(
            status=Status.CANCELLED if was_stopped else Status.ERROR,
            reason=INTERRUPTED if was_stopped else "",
            attempts=until,
            started_at=last.started_at,
            ended_at=last.ended_at,
            failure=last.failure,
            content=None,
            media=(),
            progress=None,
            children=(),
        )

    # What else an event says goes into the same copy: a copy is most of what an event costs.

    def started(self, at: int, **changes: Any) -> "NodeState":
        """Open the node; a second start keeps the first one's time."""
        first = self.started_at if self.started_at is not None else at
        opened = {"status": Status.RUNNING, "started_at": first, "ended_at": None, "reason": ""}
        return self._replace(**{**opened, **changes})

    def reopened(self) -> "NodeState":
        """Forget how the last episode left it, and keep its attempts."""
        none: dict[str, Any] = {"started_at": None, "ended_at": None, "failure": None}
        return self._replace(status=Status.PENDING, reason="", progress=None, **none)

    def tried(self, number: int, at: int, **changes: Any) -> "NodeState":
        """Open the node with one more attempt, or the same one again in a later episode."""
        before = tuple(each for each in self.attempts if each.number != number)
        attempts = (*before, Attempt(number, at))
        return self.started(at, attempts=attempts, failure=None, **changes)

    def ended(
        self, status: Status, at: int, failure: Failure | None = None, **changes: Any
    ) -> "NodeState":
        """Close the node and its open attempt."""
        attempts = self.attempts
        if attempts and attempts[-1].ended_at is None:
            attempts = (*attempts[:-1], attempts[-1]._replace(ended_at=at, failure=failure))
        closed = {"status": status, "ended_at": at, "attempts": attempts, "failure": failure}
        return self._replace(**{**closed, **changes})


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is true of the run as a whole; times are microseconds since 1970."""

    run_id: RunId | None = None
    status: Status = Status.PENDING
    episode: int = 0
    input: StoredContent | None = None
    additional_data: Mapping[str, JsonValue] | None = None
    media: tuple[StoredMedium, ...] = ()
    """What the run was given."""
    revision: Revision | None = None
    started_at: int | None = None
    ended_at: int | None = None
    pauses: tuple[tuple[int, int], ...] = ()
    """From when to when nobody worked at it: it had crashed, or was over and then resumed."""
    content: StoredContent | None = None
    failure: Failure | None = None
    reason: str = ""

    def with_pause(self, start: int | None, end: int) -> "RunFacts":
        """Add a pause, where there was one."""
        if start is None or start >= end:
            return self
        return replace(self, pauses=(*self.pauses, (start, end)))
