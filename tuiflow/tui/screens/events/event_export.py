"""Writes what the event browser shows into a file of JSON lines."""

import anyio

from tuiflow.model.event_json import event_json
from tuiflow.model.events import Event
from tuiflow.service.typed_input import harmless_json
from tuiflow.tui.screens.events.event_pages import EventPages


async def write_events(file: anyio.Path, pages: EventPages) -> int:
    """Write them all, oldest first, and say how many; raises OSError, and never replaces a file."""
    count = 0
    async with await anyio.open_file(file, "x", encoding="utf-8") as out:
        async for page in pages.every():
            await out.write("".join(f"{_line(event)}\n" for event in page))
            count += len(page)
    return count


def _line(event: Event) -> str:
    return harmless_json(event_json(event))
