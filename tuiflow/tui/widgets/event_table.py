"""The table of events: one row an event, a window of pages on a log of any length."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tuiflow.model.events import Event
from tuiflow.tui.theme import MUTED
from tuiflow.tui.widgets.event_text import (
    EventColumns,
    header_pieces,
    row_pieces,
)
from tuiflow.tui.widgets.line_list import LineList, move_bindings
from tuiflow.tui.widgets.paint import Pieces, paint
from tuiflow.tui.widgets.pane_key import pane_key

MOST_ROWS = 5_000  # the far end is let go beyond, and wanted again by who comes near it
_MOST_COMING = 200  # rows of one page
_NEAR = 200  # rows from an end that count as near: a page is read before it is looked at


class EventTable(LineList, can_focus=True):
    """Shows a window of pages of events; the cursor is an event's id."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way
        *move_bindings("events", "to step"),
        pane_key("events.follow", "f", "toggle_follow", "follow", "Stay on the newest event"),
    ]

    follow: reactive[bool] = reactive(default=False)
    empty: reactive[str] = reactive("")
    """What stands there instead of rows."""

    @dataclass
    class Highlighted(Message):
        """The cursor stands on another event."""

        event: Event

    @dataclass
    class Opened(Message):
        """Enter, or a click on the row under the cursor."""

        event: Event

    class WantsMore(Message):
        """The view comes near an end of the rows, and there are more events beyond."""

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._events: list[Event] = []
        self._with_run = False
        self._number_cells = 3
        self._asked: set[int] = set()
        self._header = 1
        self.has_older = False
        """There are events before the first row."""
        self.has_newer = False
        """There are events after the last row, beside those that are still to come."""
        self.wants_oldest = False
        """Somebody goes to the first event of all."""

    def show(self, events: Sequence[Event], *, with_run: bool = False) -> None:
        """Replace the rows, in the order given; `with_run` adds the run's column and shows `id`."""
        self._with_run = with_run
        self.has_older = self.has_newer = self.wants_oldest = False
        self._asked.clear()
        self._take(list(events))
        if self.follow:
            self.set_cursor(self.row_count - 1, by_user=False)

    def append(self, events: Sequence[Event]) -> None:
        """Add a page at the end; a table that follows goes to it."""
        if not events:
            return
        self._take([*self._events, *events][-MOST_ROWS:])
        if self.follow:
            self.set_cursor(self.row_count - 1, by_user=False)

    def prepend(self, events: Sequence[Event]) -> None:
        """Add a page at the start, without moving what is seen."""
        if events:
            self._take([*events, *self._events][:MOST_ROWS])

    @property
    def first_event(self) -> Event | None:
        return self._events[0] if self._events else None

    @property
    def last_event(self) -> Event | None:
        return self._events[-1] if self._events else None

    @property
    def cursor_event(self) -> Event | None:
        row = self.cursor_row
        return self._events[row] if 0 <= row < len(self._events) else None

    def move_to(self, event_id: int) -> bool:
        """Put the cursor on an event; say whether it is among the rows."""
        row = self.row_at(str(event_id))
        if row is not None:
            self.set_cursor(row, by_user=False)
        return row is not None

    def next_of_kind(self, direction: int = 1) -> bool:
        """Go to the next event of the same kind, with -1 to the previous; say if there is one."""
        here = self.cursor_event
        if here is None:
            return False
        row = self.cursor_row + direction
        while 0 <= row < len(self._events):
            if self._events[row].kind == here.kind:
                self.set_cursor(row)
                return True
            row += direction
        return False

    def _take(self, events: list[Event]) -> None:
        self._events = events
        largest = max((self._number(event) for event in events), default=0)
        self._number_cells = len(str(largest))
        self.set_rows([str(event.id or event.seq) for event in events])

    def _number(self, event: Event) -> int:
        return event.id if self._with_run else event.seq

    # What the list asks.

    def render_line(self, y: int) -> Strip:
        if self._events or y != self._header:
            return super().render_line(y)
        return paint([(" ", ""), (self.empty, MUTED)], self.scrollable_size.width, self.palette)

    def row_pieces(self, index: int, width: int) -> Pieces:
        return row_pieces(self._events[index], self._before(index), self._columns(width))

    def header_pieces(self, width: int) -> Pieces:
        return header_pieces(self._columns(width), with_run=self._with_run)

    def told_highlight(self, row_id: str) -> None:
        event = self.cursor_event
        if event is not None:
            self.post_message(self.Highlighted(event))
            self._ask()

    def told_open(self, row_id: str) -> None:
        event = self.cursor_event
        if event is not None:
            self.post_message(self.Opened(event))

    def _columns(self, width: int) -> EventColumns:
        return EventColumns.of(width, number=self._number_cells, with_run=self._with_run)

    def _before(self, index: int) -> Event | None:
        is_rising = self._events[0].at <= self._events[-1].at
        other = index - 1 if is_rising else index + 1
        return self._events[other] if 0 <= other < len(self._events) else None

    # Pages and following.

    @property
    def wants_older(self) -> bool:
        """There are older events to be had, and the view nears them."""
        return self.has_older and min(self.top_row, self.cursor_row) < _NEAR

    @property
    def wants_newer(self) -> bool:
        """The same of newer ones."""
        return self.has_newer and self._is_near_end

    @property
    def has_room(self) -> bool:
        """More may come at the end and take no rows away from whom reads further up."""
        return self.follow or self._is_near_end or self.row_count < MOST_ROWS - _MOST_COMING

    @property
    def _is_near_end(self) -> bool:
        return max(self.top_row + self._page, self.cursor_row) >= self.row_count - _NEAR

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._ask()

    def _ask(self) -> None:
        """Ask for more, once for each end there is."""
        for is_wanted, end in (
            (self.wants_older, self.first_event),
            (self.wants_newer, self.last_event),
        ):
            if is_wanted and end is not None and end.id not in self._asked:
                self._asked.add(end.id)
                self.post_message(self.WantsMore())

    def set_cursor(self, row: int, *, by_user: bool = True) -> None:
        if by_user:
            is_end = row >= self.row_count - 1 and not self.has_newer
            self.follow = is_end and (self.follow or row > self.cursor_row)
            self.wants_oldest = False
        super().set_cursor(row, by_user=by_user)

    def watch_follow(self, follow: bool) -> None:  # noqa: FBT001 - Textual's watchers are called so
        if follow:
            super().set_cursor(self.row_count - 1, by_user=False)
            if self.has_newer:
                self.post_message(self.WantsMore())

    def action_cursor_top(self) -> None:
        super().action_cursor_top()
        if self.has_older:
            self.wants_oldest = True
            self.post_message(self.WantsMore())

    def action_cursor_end(self) -> None:
        super().action_cursor_end()
        self.follow = True

    def action_toggle_follow(self) -> None:
        self.follow = not self.follow
