"""What a run's log must hold to: checked event by event, each breach told in one sentence."""

from collections.abc import Iterator

from tuiflow.model import events as ev
from tuiflow.model.event_status import status_after
from tuiflow.model.ids import NodePath
from tuiflow.model.run_event import RunEvent
from tuiflow.model.status import Status

_BEGINNINGS = ev.WorkflowStartedEvent | ev.WorkflowResumedEvent
_ENDS_FROM_OUTSIDE = ev.WorkflowCrashedEvent | ev.WorkflowCancelledEvent
"""Written for a process that was killed, which could not end what it had begun."""

_Place = tuple[str, str | None]
"""A node's path, and whose nested run it speaks of: its host's step has the same path."""


class LogCheck:
    """Reads one root run's lifecycle events in order, and remembers what is open."""

    def __init__(self) -> None:
        self.ended_as: Status | None = None
        """How the newest episode has ended; None while it goes on."""
        self._episode = 0
        self._open: dict[_Place, int] = {}
        self._waiting: set[NodePath] = set()
        """Whose next try is announced."""
        self._failed_runs: set[NodePath] = set()
        """Where nested runs have failed, which may be tried again."""

    def after(self, event: RunEvent) -> Iterator[str]:
        """Yield what is wrong with this event where it stands."""
        if event.episode != self._episode:
            yield from self._turn(event)
        elif self.ended_as is not None:
            yield f"{event.event} stands after the end of episode {self._episode}"
        if event.event in ev.CHATTER_KINDS:
            return
        is_root = event.nested_run_id is None
        if isinstance(event, _BEGINNINGS) or status_after(event) is Status.RUNNING:
            yield from self._begin(event)
        elif not isinstance(event, ev.StepSkippedEvent | ev.StepReusedEvent):
            yield from self._end(event, is_end_of_run=is_root and event.event in ev.RUN_END_KINDS)

    def _turn(self, event: RunEvent) -> Iterator[str]:
        if event.episode < self._episode:
            yield f"{event.event} is of episode {event.episode}, after episode {self._episode}"
        elif self._episode and self.ended_as is None:
            yield f"episode {self._episode} has no end, and episode {event.episode} begins"
        self._episode, self.ended_as = event.episode, None
        self._open.clear()
        self._waiting.clear()
        # One that was cancelled or died before it began has an end and no beginning.
        if not isinstance(event, _BEGINNINGS | _ENDS_FROM_OUTSIDE):
            yield f"episode {event.episode} begins with {event.event}"

    def _begin(self, event: RunEvent) -> Iterator[str]:
        if isinstance(event, ev.StepRetryingEvent):
            if event.node_path not in self._failed_runs:
                yield from self._end(event, is_end_of_run=False)
            self._waiting.add(event.node_path)
            return
        self._waiting.discard(event.node_path)
        self._failed_runs.discard(event.node_path)
        place = (event.node_path, event.nested_run_id if _is_of_run(event) else None)
        if place in self._open:
            began = self._open[place]
            yield f"{event.event} of {event.node_path!r}, whose start at seq {began} has no end"
        self._open[place] = event.seq

    def _end(self, event: RunEvent, *, is_end_of_run: bool) -> Iterator[str]:
        path = event.node_path
        if path in self._waiting and isinstance(event, ev.StepCancelledEvent):
            self._waiting.discard(path)  # it was cancelled before its next try began
            return
        if isinstance(event, ev.WorkflowErrorEvent):
            self._failed_runs.add(path)
        place = (path, event.nested_run_id if _is_of_run(event) else None)
        is_from_outside = is_end_of_run and isinstance(event, _ENDS_FROM_OUTSIDE)
        if self._open.pop(place, None) is None and not is_from_outside:
            yield f"{event.event} of {path!r} ends what has not begun, or has ended"
        if is_end_of_run:
            self.ended_as = status_after(event)
        if is_from_outside:
            self._open.clear()
        elif not isinstance(event, ev.StepRetryingEvent | ev.StepCompletedEvent):
            yield from self._open_below(path)

    def _open_below(self, path: NodePath) -> Iterator[str]:
        for place, seq in list(self._open.items()):
            if place[0].startswith((f"{path}/", f"{path}[")):
                yield f"{path!r} ends while {place[0]!r}, begun at seq {seq}, is open"
                del self._open[place]


def _is_of_run(event: RunEvent) -> bool:
    return isinstance(event, _BEGINNINGS) or event.event in ev.RUN_END_KINDS


def named_blobs(event: RunEvent) -> Iterator[str]:
    """Yield the hashes of what an event says is kept elsewhere."""
    for name in ("input", "content"):
        blob: object = getattr(getattr(event, name, None), "blob", None)
        if isinstance(blob, str):
            yield blob
    for medium in getattr(event, "media", ()):
        if medium.digest is not None:
            yield medium.digest
