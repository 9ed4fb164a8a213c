"""Reads the events of one node: the newest page at first, then what comes after it."""

from dataclasses import dataclass, replace

from tuiflow.model.events import Event
from tuiflow.model.ids import NodePath, RunId
from tuiflow.service import EventQuery, Service
from tuiflow.tui.screens.watch import Watch


@dataclass(frozen=True, slots=True)
class Batch:
    """What one look gave."""

    events: list[Event]
    is_first: bool
    """The node has just been turned to: these are its newest events."""


class NodeFeed:
    """Keeps the place up to which one node's events have been read."""

    def __init__(self, service: Service, kinds: frozenset[str] | None, *, first: int) -> None:
        self._service = service
        self._kinds = kinds
        self._first = first
        self._run_id: RunId | None = None
        self._path: NodePath | None = None
        self._last_id = self._first_id = 0
        self.has_older = False
        """There are older events than those that were read."""
        self._is_over = False

    def forget(self) -> bool:
        """Turn away from the node; False when there was none."""
        had_run, self._run_id = self._run_id is not None, None
        return had_run

    async def read(self, watch: Watch, path: NodePath) -> Batch:
        """Read what is new of a node of a run that has an id."""
        is_first = (self._run_id, self._path) != (watch.run_id, path)
        if is_first:
            self._run_id, self._path, self._last_id = watch.run_id, path, 0
            self._is_over = False
        if self._is_over:
            return Batch([], is_first=False)
        events = await self._service.events(self._query(watch, path, newest_first=is_first))
        if is_first:
            events.reverse()
            self._first_id = events[0].id if events else 0
            self.has_older = len(events) == self._first
        if events:
            self._last_id = events[-1].id
        self._is_over = watch.status.is_final and not events
        return Batch(events, is_first)

    async def older(self, watch: Watch, path: NodePath) -> list[Event]:
        """Read the page before the oldest event that was read."""
        query = self._query(watch, path, newest_first=True)
        query = replace(query, after_id=0, before_id=self._first_id)
        events = await self._service.events(query)
        events.reverse()
        self._first_id = events[0].id if events else 0
        self.has_older = len(events) == self._first
        return events

    def _query(self, watch: Watch, path: NodePath, *, newest_first: bool) -> EventQuery:
        return EventQuery(
            run_id=watch.run_id,
            node_path=None if path == watch.state.root else path,
            kinds=self._kinds,
            after_id=self._last_id,
            newest_first=newest_first,
            limit=self._first,
        )
