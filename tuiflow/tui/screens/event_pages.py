"""A window of pages on the events a filter asks for, by keyset over their ids."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from tuiflow.errors import TuiflowError
from tuiflow.model.events import Event
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.run_state import RunState
from tuiflow.service import EventQuery, Service
from tuiflow.tui.screens.event_filter import EventFilter

PAGE = 200  # events


class EventPages:
    """Knows what was asked, and whether its beginning has been reached."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._query = EventQuery(limit=PAGE)
        self.problems: Sequence[str] = ()
        self.has_oldest = False

    @property
    def is_over_all(self) -> bool:
        """The events may be of several runs."""
        return self._query.run_id is None

    async def ask(self, wanted: EventFilter) -> list[Event]:
        """Read the newest page of what a filter asks for, oldest first."""
        self.problems = wanted.problems
        self._query = await self._to_query(wanted)
        found = await self._service.events(replace(self._query, newest_first=True))
        found.reverse()
        self.has_oldest = len(found) < PAGE
        return found

    async def older(self, first_id: int) -> list[Event]:
        """Read the page before an event."""
        if self.has_oldest:
            return []
        query = replace(self._query, before_id=first_id, newest_first=True)
        found = await self._service.events(query)
        found.reverse()
        self.has_oldest = len(found) < PAGE
        return found

    async def newer(self, last_id: int) -> list[Event]:
        """Read the page after an event."""
        return await self._service.events(replace(self._query, after_id=last_id))

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
        return EventQuery(
            run_id=run_id,
            node_path=await self._path_of(run_id, wanted.step) if wanted.step else None,
            kinds=wanted.kinds,
            levels=wanted.levels,
            text=wanted.text or None,
            with_hidden=wanted.is_all,
            limit=PAGE,
        )

    async def _path_of(self, run_id: RunId | None, step: str) -> NodePath | None:
        # A name is enough where the run is known; over all runs a step is its whole path.
        if run_id is None:
            return NodePath(step)
        state = RunState().after(await self._service.tree_after(run_id, 0))
        by_name = [path for path, node in state.nodes.items() if node.name == step]
        if not by_name and NodePath(step) not in state.nodes:
            self.problems = [*self.problems, f"this run has no step {step!r}"]
        return by_name[0] if by_name else NodePath(step)
