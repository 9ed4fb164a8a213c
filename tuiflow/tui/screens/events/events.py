"""The event browser: every fact of every run, filtered, paged by id, newest last."""

import json
import os
import time
from collections.abc import Callable, Iterable
from typing import ClassVar

import anyio
from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tuiflow.model.event_json import event_json
from tuiflow.model.events import Event
from tuiflow.model.ids import NodePath, RunId
from tuiflow.service import EventQuery, Service
from tuiflow.tui.format import size
from tuiflow.tui.keymap import EVENTS_LINE
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.actions import run_actions
from tuiflow.tui.screens.events.browser_words import empty_words, title_words
from tuiflow.tui.screens.events.event_export import write_events
from tuiflow.tui.screens.events.event_filter import ALL, parse_filter, without_last_word, words_of
from tuiflow.tui.screens.events.event_pace import Pace
from tuiflow.tui.screens.events.event_pages import MOST_COUNTED
from tuiflow.tui.screens.events.event_query import query_of
from tuiflow.tui.screens.events.event_window import EventWindow
from tuiflow.tui.screens.events.filter_box import FilterBox
from tuiflow.tui.screens.events.searching import Searching
from tuiflow.tui.screens.events.shown_event import ShownEvent
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.panes import viewing
from tuiflow.tui.theme import MUTED
from tuiflow.tui.titles import set_title
from tuiflow.tui.widgets.event_table import EventTable
from tuiflow.tui.widgets.value_pane import ValuePane

ToStep = Callable[[RunId, NodePath], None]


class EventsScreen(Page):
    """Holds a filter, a window of pages on what it matches, and the event under the cursor."""

    CSS_PATH = "events.tcss"
    KEYS_LINE = EVENTS_LINE
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="browser.filter", tooltip="Edit the filter."),
        Binding(
            "right_square_bracket",
            "same_kind(1)",
            "Same kind",
            id="browser.next_of_kind",
            tooltip="The next event of the same kind.",
        ),
        Binding(
            "left_square_bracket",
            "same_kind(-1)",
            "Same kind before",
            id="browser.last_of_kind",
            tooltip="The event of the same kind before.",
        ),
        Binding(
            "backspace",
            "drop_word",
            "Drop a word",
            id="browser.drop_word",
            tooltip="Take the last word of the filter away.",
        ),
        Binding("y", "copy", "Copy", id="browser.copy", tooltip="Copy the event as JSON."),
        Binding("v", "view", "View", id="browser.view", tooltip="Open the event in $PAGER."),
        Binding("z", "zoom", "Zoom", id="browser.zoom", tooltip="This pane alone, and back."),
        Binding("1", "pane(1)", "Events", id="browser.go_1", tooltip="Go to pane 1."),
        Binding("2", "pane(2)", "Event", id="browser.go_2", tooltip="Go to pane 2."),
    ]

    def __init__(self, service: Service, *, asked: str, to_step: ToStep) -> None:
        super().__init__(service)
        self.box = FilterBox(asked)
        self.table = EventTable(id="events", classes="pane")
        self.event_pane = ValuePane(id="event", classes="pane")
        self.shown = ShownEvent(service, self.event_pane)
        self.window = EventWindow(service, self.table, is_search=True)
        self._to_step = to_step
        self._is_asked = True
        self._searching = Searching(self, self._look)
        self._wanted_kind: tuple[Event, int] | None = None
        self._has_header = False
        self._count_of = 0
        self._counted: int | None = None
        self._exist = 0
        """How many there are without the filter, where none matches."""
        self._paces = Pace()
        self._pace = 0

    def compose_body(self) -> Iterable[Widget]:
        yield self.box
        yield self.table
        yield self.event_pane

    def on_mount(self) -> None:
        self.shown.show(None)
        self.event_pane.wrap = True
        self.table.follow = True
        self.set_focus(self.table)

    async def pull(self, *, has_news: bool) -> bool:
        """Look once, or for what is asked now instead; a search goes on while the clock does."""
        has_looked = await self._searching.beat(anew=self._is_asked)
        await self._show_header(has_news=has_news)
        if has_looked and self.window.is_looking:
            self.tuiflow.clock.wake()
        return has_news

    async def _look(self) -> None:
        """Read a page when the filter is new, the cursor nears an end, or there is news."""
        if self._is_asked:
            await self._ask()
        elif self._wanted_kind is not None:
            await self._go_to_kind(*self._wanted_kind)
        else:
            await self.window.look()
        if self._count_of != self.window.asked:
            self._count_of = self.window.asked
            self.run_worker(self._count, group="count", exclusive=True, exit_on_error=False)
        self._say_if_empty()
        await self.shown.look()

    async def _ask(self) -> None:
        self._is_asked = False
        self.workers.cancel_group(self, "count")
        wanted = parse_filter(self.box.value, self.service.now())
        query, problems = await query_of(self.service, wanted)
        self.box.underline(wanted.bad_words)
        self.box.set_class(bool(problems), "-wrong")
        self.box.border_subtitle = Content(safe_line("; ".join(problems), 200))
        self._counted = None
        await self.window.ask(query)

    async def _count(self) -> None:
        await self.attempt(self._count_all())

    async def _count_all(self) -> None:
        count = 0
        async for count in self.window.pages.count():
            self._counted = count
            self._show_title()
        if not count:
            self._counted = 0
            self._exist = await self.service.count_events(
                EventQuery(limit=MOST_COUNTED + 1), is_search=True
            )

    def _say_if_empty(self) -> None:
        if self.table.row_count:
            return
        self.shown.show(None)
        last_word = "".join(words_of(self.box.value)[-1:])
        is_looking = self.window.is_looking
        self.table.empty = empty_words(last_word, self._exist, is_looking=is_looking)

    async def _show_header(self, *, has_news: bool) -> None:
        if has_news or not self._has_header:
            self._has_header = True
            left = Content.assemble((" tuiflow", "bold $primary"), "  events")
            used = size(await self.service.database_size())
            name = safe_line(self.service.database.name, 30)
            self.header.show(left, Content.styled(f"{name} {used} ", MUTED))
        self._show_title()

    def _show_title(self) -> None:
        came = self.window.came
        self._pace = self._paces.note(time.monotonic(), came)
        match = None if self._counted is None else self._counted + came
        table = self.table
        words = title_words(match, follows=table.follow, below=self.window.below, pace=self._pace)
        set_title(table, words)

    @property
    def is_ticking(self) -> bool:
        """How fast events come is told until none do."""
        return self._pace > 0

    @on(Input.Changed, "#filter")
    def ask_again(self) -> None:
        self._is_asked = True
        self.tuiflow.clock.wake()

    @on(Input.Submitted, "#filter")
    def leave_filter(self) -> None:
        self.set_focus(self.table)

    @on(EventTable.Highlighted)
    def show_event(self, message: EventTable.Highlighted) -> None:
        self.shown.show(message.event, by_id=self.window.pages.is_over_all)
        self.tuiflow.clock.wake()

    @on(EventTable.Opened)
    def to_step(self, message: EventTable.Opened) -> None:
        event: Event = message.event
        self.dismiss()
        self._to_step(event.run_id, event.node_path)

    @on(EventTable.WantsMore)
    def read_more(self) -> None:
        self.tuiflow.clock.wake()

    async def export(self, name: str) -> None:
        """Write every event the filter asks for into a file, one JSON object a line."""
        file = _place(name)
        try:
            count = await write_events(file, self.window.pages)
        except OSError as error:
            self.say(f"{name} cannot be written: {error.strerror}", "error")
        else:
            self.say(f"wrote {count} event{'' if count == 1 else 's'} to {name}")

    def toggle_all(self) -> None:
        """Also show the kinds that authors chose to skip, or no longer."""
        words = words_of(self.box.value)
        is_on = ALL in words
        kept = [word for word in words if word != ALL]
        self.box.value = " ".join(kept if is_on else [*kept, ALL])
        self.say("skipped kinds are hidden again" if is_on else "skipped kinds are shown too")

    def action_same_kind(self, step: int) -> None:
        event = self.table.cursor_event
        if event is not None and not self.table.next_of_kind(step):
            # Not among the rows: it is looked for at the next beat, with all that is read.
            self._wanted_kind = (event, step)
            self.tuiflow.clock.wake()

    async def _go_to_kind(self, event: Event, step: int) -> None:
        self._wanted_kind = None
        if not await self.window.go_to_kind(event, step):
            where = "after" if step > 0 else "before"
            self.say(f"no {event.event} {where} this one")

    def action_drop_word(self) -> None:
        self.box.value = without_last_word(self.box.value)

    @property
    def _event_json(self) -> str:
        event = self.table.cursor_event
        return "" if event is None else json.dumps(event_json(event), indent=2, ensure_ascii=False)

    def action_copy(self) -> None:
        if self.get_selected_text() or self.event_pane.chosen_text is not None:
            run_actions.copy_text(self, self.event_pane)
        elif whole := self._event_json:
            self.copy_out(whole)
        else:
            self.say("no event to copy")

    async def action_view(self) -> None:
        if whole := self._event_json:
            await viewing.view_text(self, whole)
        else:
            self.say("no event to open")

    def action_zoom(self) -> None:
        if not self._zoom(None):
            self._zoom(self.focused)

    def _zoom(self, pane: Widget | None) -> bool:
        """Let one pane stand alone, or both; say whether one did before."""
        was_zoomed = self.has_class("-only-event") or self.has_class("-only-events")
        self.set_class(pane is self.event_pane, "-only-event")
        self.set_class(pane is self.table, "-only-events")
        return was_zoomed

    def action_filter(self) -> None:
        self.set_focus(self.box)

    def action_pane(self, number: int) -> None:
        pane = self.table if number == 1 else self.event_pane
        if self._zoom(None):
            self._zoom(pane)
            # What is not seen yet cannot have the focus.
            self.call_after_refresh(self.set_focus, pane)
        else:
            self.set_focus(pane)

    def action_step_out(self) -> None:
        if self.get_selected_text():
            self.clear_selection()
            return
        if self._zoom(None):
            return
        if self.table.has_focus:
            self.dismiss()
        else:
            self.set_focus(self.table)


def _place(name: str) -> anyio.Path:
    # Its own `expanduser` raises for a user who is not there.
    return anyio.Path(os.path.expanduser(name))
