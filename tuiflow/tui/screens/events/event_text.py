"""One event as a person reads it: its envelope, then its body as JSON."""

import json

from textual.content import Content

from tuiflow.model.events import Event, event_body
from tuiflow.model.plain_json import plain_json
from tuiflow.tui.format import clock
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.theme import MUTED
from tuiflow.tui.widgets.content_lines import json_lines


def event_lines(event: Event, around: Content) -> list[Content]:
    """Write all of an event; `around` says in a line what stands before and after it."""
    episode = f"   episode {event.episode}" if event.episode > 1 else ""
    head = Content.assemble(
        (clock(event.at), "bold"), (f"   run {event.run_id}   seq {event.seq}{episode}", MUTED)
    )
    path = Content.styled(safe_line(event.node_path), MUTED)
    body = plain_json(json.loads(event_body(event)))
    text = json.dumps(body, indent=2, ensure_ascii=False)
    return [head, path, around, Content(), *json_lines(text)]
