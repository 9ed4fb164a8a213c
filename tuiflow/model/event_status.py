"""How an event leaves the node it speaks of."""

from tuiflow.model import events as ev
from tuiflow.model.run_event import Outcome, RunEvent
from tuiflow.model.status import Status

OUTCOMES: dict[Outcome, Status] = {
    "completed": Status.COMPLETED,
    "stopped": Status.COMPLETED,
    "error": Status.ERROR,
    "skipped": Status.SKIPPED,
    "cancelled": Status.CANCELLED,
}

_STATUSES: dict[type[RunEvent], Status] = {
    ev.WorkflowStartedEvent: Status.RUNNING,
    ev.WorkflowResumedEvent: Status.RUNNING,
    ev.WorkflowCompletedEvent: Status.COMPLETED,
    ev.WorkflowErrorEvent: Status.ERROR,
    ev.WorkflowCancelledEvent: Status.CANCELLED,
    ev.WorkflowCrashedEvent: Status.CRASHED,
    ev.StepStartedEvent: Status.RUNNING,
    ev.StepCompletedEvent: Status.COMPLETED,
    ev.StepErrorEvent: Status.ERROR,
    ev.StepRetryingEvent: Status.RUNNING,
    ev.StepCancelledEvent: Status.CANCELLED,
    ev.StepSkippedEvent: Status.SKIPPED,
    ev.StepReusedEvent: Status.REUSED,
}


def status_after(event: RunEvent) -> Status | None:
    """Give the status a node has after this event; None for one that changes none."""
    if isinstance(event, ev.CompositeCompletedEvent):
        return OUTCOMES[event.outcome]
    if isinstance(event, ev.CompositeStartedEvent):
        return Status.RUNNING
    return _STATUSES.get(type(event))
