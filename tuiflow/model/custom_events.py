"""Gives an author's own events back as the classes they were, where those are imported."""

from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from tuiflow.model.events import CustomEvent, Event


def restore_events(events: Iterable[Event]) -> list[Event]:
    """Turn each stored CustomEvent into its author's class; of two classes of a name neither."""
    return [restore_event(event) if type(event) is CustomEvent else event for event in events]


def restore_event(event: CustomEvent) -> CustomEvent:
    """Make it its author's class again, or leave it as it is where that does not fit."""
    found = [kind for kind in _subclasses(CustomEvent) if kind.__name__ == event.name]
    if len(found) != 1:
        return event
    facts = {name: getattr(event, name) for name in CustomEvent.model_fields}
    try:
        return found[0].model_validate({**event.data, **facts})
    except ValidationError:
        return event


def _subclasses(kind: type[CustomEvent]) -> Iterator[type[CustomEvent]]:
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)
