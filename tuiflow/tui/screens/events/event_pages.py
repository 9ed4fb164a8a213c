"""Pages of the events a query asks for, by keyset over their ids."""

from collections.abc import AsyncIterator
from dataclasses import replace

from tuiflow.model.events import Event
from tuiflow.service import EventQuery, Service

PAGE = 200  # events
MOST_COUNTED = 10_000
LOOK = 100_000
"""Ids looked at in one go: where a query lets little through, the screen stays quick and the
rest is looked at beat by beat."""
_NOT_KNOWN = 2**62


class EventPages:
    """Knows what was asked, how far it has looked to both sides, and whether that was all."""

    def __init__(self, service: Service, *, is_search: bool = False) -> None:
        self._service = service
        self._is_search = is_search
        self._query = EventQuery(limit=PAGE)
        self._before = 0
        self._first_id = self._last_id = 0
        """The oldest event that was given, and the newest there is."""
        self._looked_to = 0
        """There is none between the newest one and here."""
        self._is_full = False
        self._has_oldest = False

    async def _read(self, query: EventQuery) -> list[Event]:
        read = self._service.search if self._is_search else self._service.events
        return await read(query)

    @property
    def is_over_all(self) -> bool:
        """The events may be of several runs."""
        return self._query.run_id is None

    @property
    def is_looking(self) -> bool:
        """The last look back did not fill a page, and there is more to look at."""
        return not self._is_full and not self._has_oldest

    def has_older(self, first_id: int) -> bool:
        """Say whether there may be events before this one."""
        return first_id > self._first_id or not self._has_oldest

    def has_newer(self, last_id: int) -> bool:
        """Say whether there are events after this one, beside those that are still to come."""
        return last_id < self._last_id

    async def ask(self, query: EventQuery) -> list[Event]:
        """Read the newest page of what a query asks for, oldest first."""
        self._query = replace(query, limit=PAGE)
        self._looked_to = await self._newest_id()
        self._before = self._looked_to + 1
        self._first_id = self._last_id = 0
        return await self._look_back()

    async def ask_oldest(self, query: EventQuery) -> list[Event]:
        """Read the oldest page instead."""
        self._query = replace(query, limit=PAGE)
        self._last_id = _NOT_KNOWN
        return await self.oldest()

    async def oldest(self) -> list[Event]:
        """Read the oldest page."""
        newest = await self._newest_id()
        found = await self._read(self._query)
        self._has_oldest, self._first_id = True, found[0].id if found else 0
        self._note_end(found, 0, newest)
        return found

    async def older(self, first_id: int) -> list[Event]:
        """Read the page before an event, or go on looking for one."""
        if first_id and (self._is_full or first_id > self._first_id):
            self._before = first_id
        return await self._look_back()

    async def _look_back(self) -> list[Event]:
        floor = self._query.after_id
        # One run's own index finds its page at once.
        low = max(self._before - LOOK, floor) if self.is_over_all else floor
        query = replace(self._query, after_id=low, before_id=self._before, newest_first=True)
        found = await self._read(query)
        self._is_full = len(found) == PAGE
        self._before = found[-1].id if self._is_full else low + 1
        self._has_oldest = not self._is_full and low <= floor
        if found:
            self._first_id = found[-1].id
            self._last_id = max(self._last_id, found[0].id)
        found.reverse()
        return found

    async def newer(self, last_id: int) -> list[Event]:
        """Read the page after an event."""
        newest = await self._newest_id()
        # Of what is seldom the log is not looked through from its last one each time.
        seen = 0 if self.has_newer(last_id) else self._looked_to
        after_id = max(last_id, seen, self._query.after_id)
        if after_id >= newest:
            return []
        found = await self._read(replace(self._query, after_id=after_id))
        self._note_end(found, last_id, newest)
        return found

    async def around(self, event_id: int) -> list[Event]:
        """Read a page that ends with an event, and the one after it."""
        newest = await self._newest_id()
        self._before = event_id + 1
        before = await self._look_back()
        after = await self._read(replace(self._query, after_id=event_id))
        self._note_end(after, event_id, newest)
        return [*before, *after]

    async def next_of_kind(self, event: Event, step: int) -> int:
        """Find the next event of the same kind, with -1 the one before; 0 where there is none."""
        query = replace(self._query, kinds=frozenset({event.kind}), limit=1, newest_first=step < 0)
        low, high = (event.id, await self._newest_id()) if step > 0 else (0, event.id - 1)
        while low < high:
            part = LOOK if self.is_over_all else high - low
            first, last = (low, low + part) if step > 0 else (max(high - part, low), high)
            found = await self._read(replace(query, after_id=first, before_id=last + 1))
            if found:
                return found[0].id
            low, high = (last, high) if step > 0 else (low, first)
        return 0

    def _note_end(self, found: list[Event], last_id: int, newest: int) -> None:
        if len(found) < PAGE:
            self._last_id = found[-1].id if found else last_id
            self._looked_to = newest
        else:
            self._last_id = max(self._last_id, found[-1].id)

    async def _newest_id(self) -> int:
        of_run = self._query.run_id
        query = EventQuery(run_id=of_run, newest_first=True, with_hidden=True, limit=1)
        return next((event.id for event in await self._read(query)), 0)

    async def count(self) -> AsyncIterator[int]:
        """Count all there is, newest first, in steps that leave the database to others between."""
        query = replace(self._query, limit=MOST_COUNTED + 1)
        low, count = self._looked_to, 0
        while low > query.after_id and count <= MOST_COUNTED:
            high, low = low + 1, max(low - LOOK, query.after_id)
            step = replace(query, after_id=low, before_id=high, limit=query.limit - count)
            count += await self._service.count_events(step, is_search=self._is_search)
            yield count

    async def every(self) -> AsyncIterator[list[Event]]:
        """Read all there is, oldest first, a page at a time."""
        last_id = self._query.after_id
        while found := await self._read(replace(self._query, after_id=last_id)):
            yield found
            last_id = found[-1].id
