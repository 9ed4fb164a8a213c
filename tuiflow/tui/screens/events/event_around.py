"""What stands around an event in its run, whatever a filter hides: its cause, and what followed."""

from dataclasses import dataclass, replace

from textual.content import Content

from tuiflow.model.events import LIFECYCLE_KINDS, Event
from tuiflow.service import EventQuery, Service
from tuiflow.tui.format import gap
from tuiflow.tui.theme import MUTED
from tuiflow.tui.widgets.event_text import step_words

_STEP_CELLS = 40


@dataclass(frozen=True)
class Around:
    """The last thing that happened to the same node, and the next one to any."""

    before: Event | None = None
    after: Event | None = None


NOTHING_AROUND = Around()


async def read_around(service: Service, event: Event) -> Around:
    """Find them."""
    of_run = EventQuery(run_id=event.run_id, kinds=LIFECYCLE_KINDS, limit=1)
    of_node = replace(of_run, node_path=event.node_path)
    before = await service.search(replace(of_node, before_id=event.id, newest_first=True))
    after = await service.search(replace(of_run, after_id=event.id))
    return Around(next(iter(before), None), next(iter(after), None))


def around_words(event: Event, around: Around, *, by_id: bool) -> Content:
    """Say it in a line, each event with its number in the table and its distance in time."""
    parts: list[str] = []
    if (before := around.before) is not None:
        parts.append(f"{gap(event.at - before.at)} after {_name(before, event, by_id=by_id)}")
    if (after := around.after) is not None:
        parts.append(f"then {_name(after, event, by_id=by_id)} {gap(after.at - event.at)}")
    return Content.styled("   ".join(parts), MUTED)


def _name(other: Event, event: Event, *, by_id: bool) -> str:
    step = "" if other.node_path == event.node_path else f" {step_words(other, _STEP_CELLS)}"
    return f"{other.id if by_id else other.seq} {other.event}{step}"
