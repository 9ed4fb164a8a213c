"""Where a run or a node stands."""

from enum import StrEnum


class Status(StrEnum):
    """The one word for where a run or a node stands; nodes also know skipped and reused."""

    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    ERROR = "error"
    CANCELLED = "cancelled"
    CRASHED = "crashed"
    SKIPPED = "skipped"
    REUSED = "reused"

    # As authors may write them: the same members.
    pending = PENDING
    running = RUNNING
    paused = PAUSED
    completed = COMPLETED
    error = ERROR
    cancelled = CANCELLED
    crashed = CRASHED
    skipped = SKIPPED
    reused = REUSED

    @property
    def is_final(self) -> bool:
        """Say whether nothing more will happen without a person."""
        return self not in _GOING_ON


FAILED = frozenset({Status.ERROR, Status.CRASHED})
_GOING_ON = frozenset({Status.PENDING, Status.RUNNING, Status.PAUSED})
