"""Keeps a table of events in step with a query: a window of pages on all that it asks for."""

from tuiflow.model.events import Event
from tuiflow.service import EventQuery, Service
from tuiflow.tui.screens.events.event_pages import PAGE, EventPages
from tuiflow.tui.widgets.event_table import EventTable


class EventWindow:
    """Reads a page where the table nears an end of what it has, and what comes new."""

    def __init__(self, service: Service, table: EventTable, *, is_search: bool = False) -> None:
        self.pages = EventPages(service, is_search=is_search)
        self._table = table
        self._query = EventQuery()
        self.asked = 0
        """How often it has begun anew."""
        self.came = 0
        """How many have come since then."""
        self._below = 0

    @property
    def is_looking(self) -> bool:
        """There may be more to fill the first page with."""
        return self.pages.is_looking and self._table.row_count < PAGE

    @property
    def below(self) -> int:
        """How many came below what is seen since the table stopped following."""
        return 0 if self._table.follow else self._below

    async def ask(self, query: EventQuery, *, is_live: bool = True) -> None:
        """Show something else: of what goes on its newest events, else its first ones."""
        self._query = query
        found = await (self.pages.ask(query) if is_live else self.pages.ask_oldest(query))
        self.asked += 1
        self.came = self._below = 0
        self._table.follow = is_live
        self._table.show(found, with_run=self.pages.is_over_all)
        if not is_live:
            self._table.set_cursor(0, by_user=False)
        self._say_what_is_beyond()

    async def look(self) -> None:
        """Read what is wanted or new."""
        table = self._table
        last = table.last_event.id if table.last_event else 0
        if table.follow and table.has_newer:
            await self.ask(self._query)
        elif table.wants_oldest:
            table.show(await self.pages.oldest(), with_run=self.pages.is_over_all)
        elif table.wants_older or self.is_looking:
            first = table.first_event
            table.prepend(await self.pages.older(first.id if first else 0))
        elif table.wants_newer or (table.has_room and not table.has_newer):
            await self._read_newer(last)
        self._say_what_is_beyond()

    async def go_to_kind(self, event: Event, step: int) -> bool:
        """Go to the next event of the same kind, however far it is; False where there is none."""
        found = await self.pages.next_of_kind(event, step)
        if found:
            self._table.follow = False
            self._table.show(await self.pages.around(found), with_run=self.pages.is_over_all)
            self._table.move_to(found)
            self._say_what_is_beyond()
        return bool(found)

    async def _read_newer(self, last: int) -> None:
        table, was_end = self._table, not self._table.has_newer
        found = await self.pages.newer(last)
        if table.follow and len(found) == PAGE:
            # More has come than a page: who follows wants the newest, not what is between.
            await self.ask(self._query)
            return
        if last:
            table.append(found)
        elif found:
            table.show(found, with_run=self.pages.is_over_all)
        if was_end:
            self.came += len(found)
            self._below = self.below + len(found)

    def _say_what_is_beyond(self) -> None:
        table = self._table
        first, last = table.first_event, table.last_event
        table.has_older = first is not None and self.pages.has_older(first.id)
        table.has_newer = last is not None and self.pages.has_newer(last.id)
