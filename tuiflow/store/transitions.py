"""What an event about the run as a whole does to the run's own row."""

from typing import Any

from tuiflow.model.events import (
    WorkflowCancelledEvent,
    WorkflowCompletedEvent,
    WorkflowCrashedEvent,
    WorkflowErrorEvent,
)
from tuiflow.model.run_event import RunEvent
from tuiflow.model.status import Status
from tuiflow.model.text import write_json

EndEvent = (
    WorkflowCompletedEvent | WorkflowErrorEvent | WorkflowCancelledEvent | WorkflowCrashedEvent
)


def end_columns(event: EndEvent, at: int) -> dict[str, Any]:
    """Write the end of a run as the parameters of `end_run`, but for the run's id."""
    match event:
        case WorkflowCompletedEvent():
            return _ended(Status.COMPLETED, at, content=write_json(event.content))
        case WorkflowErrorEvent():
            return _ended(Status.ERROR, at, failure=write_json(event.failure))
        case WorkflowCancelledEvent():
            return _ended(Status.CANCELLED, at, reason=event.reason)
        case WorkflowCrashedEvent():
            return _ended(Status.CRASHED, at, reason=event.reason)


def is_end(event: RunEvent) -> bool:
    """Say whether the event ends the root run's episode."""
    return isinstance(event, EndEvent) and event.nested_run_id is None


def _ended(
    status: Status,
    at: int,
    *,
    content: str | None = None,
    failure: str | None = None,
    reason: str = "",
) -> dict[str, Any]:
    return {
        "status": status,
        "at": at,
        "content": content,
        "failure": failure,
        "reason": reason,
    }
