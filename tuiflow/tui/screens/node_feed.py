"""Reads one kind of events of a node: the newest page at first, then what comes after it."""

from dataclasses import dataclass, replace

from tuiflow.model.events import Event
from tuiflow.model.ids import RunId
from tuiflow.service import EventQuery, Service
from tuiflow.tui.screens.node_events import newest_id, node_events
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot

MOST_NEW = 200
"""Events taken in at a look: a flood of them leaves room for keys."""


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
        self._read_to = self._first_id = 0
        self.has_older = False
        """There are older events than those that were read."""

    def forget(self) -> bool:
        """Turn away from the node; False when there was none."""
        had_run, self._run_id = self._run_id is not None, None
        return had_run

    async def read(self, watch: Watch, spot: Spot, *, follows: bool = False) -> Batch:
        """Read what is new of a node of a run that has an id.

        Who `follows` wants the newest; others get one page after the other.
        """
        is_turned_to = (self._run_id, self._spot) != (watch.run_id, spot)
        if is_turned_to:
            self._run_id, self._spot, self._read_to = watch.run_id, spot, 0
        last = await newest_id(self._service, watch.run_id)
        if last == self._read_to and not is_turned_to:
            return Batch([], is_first=False)
        limit = self._first if is_turned_to else MOST_NEW
        newest_first = is_turned_to or follows
        query = self._query(watch, spot, newest_first=newest_first, limit=limit)
        events = await self._service.events(query)
        is_full = len(events) == limit
        if newest_first:
            events.reverse()
        is_first = is_turned_to or (follows and is_full)
        if is_first:
            self._first_id, self.has_older = events[0].id if events else 0, is_full
        newest = events[-1].id if events else 0
        # Of a node that says nothing the log is not looked through from the start each time.
        self._read_to = newest if is_full and not newest_first else max(newest, last)
        return Batch(events, is_first, has_gap=is_first and not is_turned_to)

    async def older(self, watch: Watch, spot: Spot) -> list[Event]:
        """Read the page before the oldest event that was read."""
        query = self._query(watch, spot, newest_first=True, limit=self._first)
        query = replace(query, after_id=0, before_id=self._first_id)
        events = await self._service.events(query)
        events.reverse()
        self._first_id = events[0].id if events else 0
        self.has_older = len(events) == self._first
        return events

    def _query(self, watch: Watch, spot: Spot, *, newest_first: bool, limit: int) -> EventQuery:
        query = node_events(watch, spot, self._kinds)
        return replace(query, after_id=self._read_to, newest_first=newest_first, limit=limit)
