"""What a run promises beside a whole log: finished steps never run again, others one try later."""

from collections.abc import Iterable, Iterator

from tuiflow.model.events import Event, StepCompletedEvent, StepRetryingEvent, StepStartedEvent
from tuiflow.model.ids import NodePath


def broken_promises(events: Iterable[Event]) -> Iterator[str]:
    """Yield what a run's lifecycle events break of it, each in a sentence."""
    tries: dict[NodePath, int] = {}
    finished: dict[NodePath, int] = {}
    for event in events:
        path = event.node_path
        if isinstance(event, StepStartedEvent):
            if path in finished:
                yield f"seq {event.seq}: {path!r} runs again, finished at seq {finished[path]}"
            if event.attempt != tries.get(path, 0) + 1:
                before = tries.get(path, 0)
                yield f"seq {event.seq}: {path!r} is try {event.attempt}, after try {before}"
            tries[path] = event.attempt
        elif isinstance(event, StepRetryingEvent):
            # A nested run that is tried again does all of its steps anew.
            for each in [each for each in tries if each.startswith(f"{path}/")]:
                del tries[each]
                finished.pop(each, None)
        # What cannot be read back has to be made again.
        elif isinstance(event, StepCompletedEvent) and event.content.restorable:
            finished[path] = event.seq
