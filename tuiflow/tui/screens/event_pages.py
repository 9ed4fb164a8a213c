"""A window of pages on the events a filter asks for, by keyset over their ids."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from tuiflow.errors import TuiflowError
from tuiflow.model.events import Event
from tuiflow.model.ids import NodePath, RunId
from tuiflow.service import EventQuery, Service
from tuiflow.tui.screens.event_filter import EventFilter

PAGE = 200  # events
MOST_COUNTED = 10_000
LOOK = 100_000
"""Ids looked at in one go: where a filter lets little through, the screen stays quick and the
rest is looked at beat by beat."""


class EventPages:
    """Knows what was asked, how far back it has looked, and whether that was all."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._query = EventQuery(limit=PAGE)
        self._before = 0
        self._newest = 0
        self._is_full = False
        self.problems: Sequence[str] = ()
        self.has_oldest = False

    @property
    def is_over_all(self) -> bool:
        """The events may be of several runs."""
        return self._query.run_id is None

    @property
    def is_looking(self) -> bool:
        """The last look did not fill a page, and there is more to look at."""
        return not self._is_full and not self.has_oldest

    async def ask(self, wanted: EventFilter) -> list[Event]:
        """Read the newest page of what a filter asks for, oldest first."""
        self.problems = wanted.problems
        self._query = await self._to_query(wanted)
        newest = await self._service.events(
            EventQuery(newest_first=True, with_hidden=True, limit=1)
        )
        self._newest = newest[0].id if newest else 0
        self._before = min(self._newest + 1, self._query.before_id or 2**62)
        return await self._look_back()

    async def older(self, first_id: int) -> list[Event]:
        """Read the page before an event, or go on looking for one."""
        if self.has_oldest:
            return []
        if self._is_full and first_id:
            self._before = first_id
        return await self._look_back()

    async def _look_back(self) -> list[Event]:
        floor = self._query.after_id
        # One run's own index finds its page at once.
        low = max(self._before - LOOK, floor) if self.is_over_all else floor
        query = replace(self._query, after_id=low, before_id=self._before, newest_first=True)
        found = await self._service.events(query)
        self._is_full = len(found) == PAGE
        self._before = found[-1].id if self._is_full else low + 1
        self.has_oldest = not self._is_full and low <= floor
        found.reverse()
        return found

    async def newer(self, last_id: int) -> list[Event]:
        """Read the page after an event."""
        after_id = max(last_id, self._query.after_id)
        return await self._service.events(replace(self._query, after_id=after_id))

    async def count(self) -> AsyncIterator[int]:
        """Count all there is, newest first, in steps that leave the database to others between."""
        query = replace(self._query, limit=MOST_COUNTED + 1)
        low, count = self._newest, 0
        while low > query.after_id and count <= MOST_COUNTED:
            high, low = low + 1, max(low - LOOK, query.after_id)
            step = replace(query, after_id=low, before_id=high, limit=query.limit - count)
            count += await self._service.count_events(step)
            yield count

    async def every(self) -> AsyncIterator[list[Event]]:
        """Read all there is, oldest first, a page at a time."""
        last_id = 0
        while found := await self.newer(last_id):
            yield found
            last_id = found[-1].id

    async def _to_query(self, wanted: EventFilter) -> EventQuery:
        run_id: RunId | None = None
        if wanted.run:
            try:
                run_id = await self._service.find_run(wanted.run)
            except TuiflowError as error:
                self.problems = [*self.problems, str(error)]
        path = await self._path_of(run_id, wanted.steps)
        return EventQuery(
            run_id=run_id,
            node_path=path,
            steps=() if path else wanted.steps,
            not_steps=wanted.not_steps,
            kinds=wanted.kinds,
            workers=wanted.workers,
            levels=wanted.levels,
            text=wanted.text or None,
            not_texts=wanted.not_texts,
            since=wanted.since,
            until=wanted.until,
            with_hidden=wanted.is_all,
            after_id=await self._service.event_id_at(wanted.since) if wanted.since else 0,
            limit=PAGE,
        )

    async def _path_of(self, run_id: RunId | None, steps: Sequence[str]) -> NodePath | None:
        # Where the run is known a whole name is one place, which its index finds.
        if run_id is None or len(steps) != 1 or set(steps[0]) & set("*?"):
            return None
        step = steps[0]
        state = await self._service.fold(run_id).catch_up()
        if NodePath(step) in state.nodes:
            return NodePath(step)
        by_name = [path for path, node in state.nodes.items() if node.name == step]
        if not by_name:
            self.problems = [*self.problems, f"this run has no step {step!r}"]
        return by_name[0] if len(by_name) == 1 else None
