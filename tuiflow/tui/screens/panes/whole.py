"""All of what a tab shows a part of: values, logs and events, as text and as JSON."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

from tuiflow.model.event_json import event_json
from tuiflow.model.events import Event, StepLogEvent
from tuiflow.service import Service
from tuiflow.tui.format import clock
from tuiflow.tui.safe_text import safe_text
from tuiflow.tui.screens.panes.node_events import node_events
from tuiflow.tui.screens.panes.tabs import Tab
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot
from tuiflow.tui.widgets.log_lines import speaker

WHOLE = 1 << 30  # characters of a value
_PAGE = 5000  # events
_KINDS = {Tab.LOGS: frozenset({"StepLog"}), Tab.EVENTS: None}


async def whole_text(service: Service, tab: Tab, watch: Watch, spot: Spot) -> str | None:
    """Read all of the value a tab shows; None where it is no single stored one."""
    node = spot.find(watch.state.nodes)
    if node is None or watch.run_id is None:
        return None
    made = None if spot.attempt else spot.path
    source = {Tab.OUTPUT: made, Tab.PREVIOUS: node.previous}.get(tab)
    speaker = watch.state.content_path(source) if source is not None else None
    content = watch.state.nodes[speaker].content if speaker is not None else None
    if content is None or not content.restorable:
        return None
    return (await service.read_content(content, limit=WHOLE)).text


async def whole_log(service: Service, watch: Watch, spot: Spot) -> AsyncIterator[str]:
    """Yield everything a node has logged, harmless and in pieces."""
    async for event in _events(service, Tab.LOGS, watch, spot):
        if isinstance(event, StepLogEvent):
            level = "" if event.level == "info" else f"{event.level}: "
            who = speaker(event, spot.path)
            yield f"{clock(event.at)} {level}{who}{safe_text(event.text)}\n"


async def whole_json(service: Service, tab: Tab, watch: Watch, spot: Spot) -> str | None:
    """Write all a tab shows as JSON, events one a line; None where it is no data."""
    if tab in _KINDS:
        events = [event async for event in _events(service, tab, watch, spot)]
        return "\n".join(json.dumps(event_json(event), ensure_ascii=False) for event in events)
    node = spot.find(watch.state.nodes)
    if tab is Tab.ERROR:
        return node.failure.model_dump_json(indent=2) if node and node.failure else None
    if tab is Tab.INPUT and watch.run_id is not None:
        return (await service.read_input(watch.state, spot.path)).text
    text = await whole_text(service, tab, watch, spot)
    return text if text is None or _is_json(text) else json.dumps(text, ensure_ascii=False)


async def _events(service: Service, tab: Tab, watch: Watch, spot: Spot) -> AsyncIterator[Event]:
    query = replace(node_events(watch, spot, _KINDS[tab]), limit=_PAGE)
    page = [None] * _PAGE if watch.run_id is not None else []
    while len(page) == _PAGE:
        page = await service.events(query)
        for event in page:
            yield event
        query = replace(query, after_id=page[-1].id if page else 0)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
