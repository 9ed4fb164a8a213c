"""An author's own events: what each has, and how a stored one becomes the class it was."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, Self, TypeVar, cast

from pydantic import Field, JsonValue

from tuiflow.model.ids import NodePath
from tuiflow.model.run_event import RunEvent

E = TypeVar("E", bound=RunEvent)


class CustomEvent(RunEvent):
    """An author's own fact: subclass it with fields of your own, or use `name` and `data`.

    A subclass may be marked as a dataclass, which it is elsewhere; here that changes nothing.
    """

    kind: Literal["CustomEvent"] = "CustomEvent"
    node_path: NodePath = NodePath("")
    name: str = ""
    data: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])

    def __new__(cls, **_: Any) -> Self:
        for kind in cls.__mro__:
            # A dataclass's own would set its fields one by one, which a frozen model refuses.
            if "__dataclass_fields__" in vars(kind) and "__init__" in vars(kind):
                del kind.__init__
        return super().__new__(cls)


def restore_events(events: Iterable[E]) -> list[E]:
    """Turn each stored CustomEvent into its author's class; of two classes of a name neither."""
    return [
        cast("E", restore_event(event)) if type(event) is CustomEvent else event for event in events
    ]


def restore_event(event: CustomEvent) -> CustomEvent:
    """Make it its author's class again, or leave it as it is where that does not fit."""
    found = [kind for kind in _subclasses(CustomEvent) if kind.__name__ == event.name]
    if len(found) != 1:
        return event
    facts = {name: getattr(event, name) for name in CustomEvent.model_fields}
    try:
        return found[0].model_validate({**event.data, **facts})
    except Exception:  # noqa: BLE001 - a validator of its author may raise anything
        return event


def _subclasses(kind: type[CustomEvent]) -> Iterator[type[CustomEvent]]:
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)
