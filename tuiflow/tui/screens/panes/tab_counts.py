"""Counts what stands behind the tabs of logs and events."""

from collections.abc import Mapping
from dataclasses import replace

from tuiflow.model.ids import RunId
from tuiflow.service import Service
from tuiflow.tui.screens.panes.node_events import newest_id, node_events
from tuiflow.tui.screens.panes.tabs import Tab
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot

MOST = 5_000
"""Events that are looked through where something else is looked at: a longer run is not counted."""
MOST_NEW = 500
"""Events that are looked through at a beat: nobody reads the number of what floods."""
_KINDS = {Tab.LOGS: frozenset({"StepLog"}), Tab.EVENTS: None}


class TabCounts:
    """Counts anew where something else is looked at, and else only what has come since."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._run_id: RunId | None = None
        self._spot: Spot | None = None
        self._seq = self._last_id = 0
        self._counts: dict[Tab, int] = {}

    async def read(self, watch: Watch, spot: Spot) -> Mapping[Tab, int]:
        """Count of a node of a run; nothing where there is no run, or too much of it."""
        if (self._run_id, self._spot) != (watch.run_id, spot):
            self._run_id, self._spot = watch.run_id, spot
            self._seq = self._last_id = 0
            self._counts = {}
        seq = watch.record.last_seq if watch.record is not None else 0
        if seq == self._seq:
            return self._counts
        if seq - self._seq > (MOST_NEW if self._seq else MOST):
            return {}
        last = await newest_id(self._service, watch.run_id)
        asked = replace(node_events(watch, spot), after_id=self._last_id, before_id=last + 1)
        for tab, kinds in _KINDS.items():
            query = replace(asked, kinds=kinds, limit=2 * MOST)
            self._counts[tab] = self._counts.get(tab, 0) + await self._service.count_events(query)
        self._seq, self._last_id = seq, last
        return self._counts
