"""Reads one kind of events of a node: the newest page at first, then what comes after it."""

from dataclasses import dataclass, replace

from tuiflow.model.events import Event
from tuiflow.model.ids import RunId
from tuiflow.service import EventQuery, Service
from tuiflow.tui.screens.panes.node_events import newest_place, node_events
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot

MOST_NEW = 100
"""Events taken in at a look: a flood of them leaves room for keys."""
LOOK = 100_000
"""Events of a run looked through in one go: no beat waits for what was said long ago."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one look gave."""

    events: list[Event]
    is_first: bool
    """These are its newest events, and nothing before them has been read."""
    has_gap: bool = False
    """So much has come that it was begun anew: what is between is for who scrolls back."""


class NodeFeed:
    """Keeps the place up to which the events of a node, or of one of its tries, have been read."""

    def __init__(self, service: Service, kinds: frozenset[str], *, first: int) -> None:
        self._service = service
        self._kinds = kinds
        self._first = first
        self._run_id: RunId | None = None
        self._spot: Spot | None = None
        self._read_to = 0
        self._looked_to = 0
        """The seq before which nothing has been looked through."""
        self._is_looking = False
        """Nothing was found yet, and there is more to look through."""
        self.has_older = False
        """There are, or may be, older events than those that were read."""

    def forget(self) -> bool:
        """Turn away from the node; False when there was none."""
        had_run, self._run_id = self._run_id is not None, None
        return had_run

    async def read(self, watch: Watch, spot: Spot, *, follows: bool = False) -> Batch:
        """Read what is new of a node of a run that has an id.

        Who `follows` wants the newest; others get one page after the other.
        """
        is_turned_to = (self._run_id, self._spot) != (watch.run_id, spot)
        last_id, last_seq = await newest_place(self._service, watch.run_id)
        if is_turned_to:
            self._run_id, self._spot = watch.run_id, spot
            self._read_to, self._looked_to = last_id, last_seq + 1
        if is_turned_to or self._is_looking:
            events = await self.older(watch, spot)
            self._is_looking = self.has_older and not events
            return Batch(events, is_first=True)
        if last_id == self._read_to:
            return Batch([], is_first=False)
        query = self._query(watch, spot, newest_first=follows, limit=MOST_NEW)
        events = await self._service.events(query)
        is_full = len(events) == MOST_NEW
        if follows:
            events.reverse()
        has_gap = follows and is_full
        if has_gap:
            self._looked_to, self.has_older = events[0].seq, True
        newest = events[-1].id if events else 0
        # Of a node that says nothing the log is not looked through from the start each time.
        self._read_to = newest if is_full and not follows else max(newest, last_id)
        return Batch(events, is_first=has_gap, has_gap=has_gap)

    async def older(self, watch: Watch, spot: Spot) -> list[Event]:
        """Read the page before the oldest event that was read, or what is found of it in one go."""
        low = max(self._looked_to - 1 - LOOK, 0)
        query = self._query(watch, spot, newest_first=True, limit=self._first)
        query = replace(query, after_id=0, after_seq=low, before_seq=self._looked_to)
        events = await self._service.events(query)
        is_full = len(events) == self._first
        self._looked_to = events[-1].seq if is_full else low + 1
        self.has_older = is_full or low > 0
        events.reverse()
        return events

    def _query(self, watch: Watch, spot: Spot, *, newest_first: bool, limit: int) -> EventQuery:
        query = node_events(watch, spot, self._kinds)
        return replace(query, after_id=self._read_to, newest_first=newest_first, limit=limit)
