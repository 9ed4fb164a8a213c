"""The tabbed pane: one thing about the node under the cursor at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from tuiflow.tui.screens.panes.tabs import ALL_TABS, TAB_KEYS, Tab
from tuiflow.tui.theme import MUTED
from tuiflow.tui.titles import set_title
from tuiflow.tui.widgets.event_table import EventTable
from tuiflow.tui.widgets.log_pane import LogPane
from tuiflow.tui.widgets.value_pane import ValuePane

_BEFORE_TITLE = 3  # cells of the border before its title
_AROUND_TITLE = 8  # cells of the border and of the pane's number
_BETWEEN = 2  # cells between two labels
_SHORT = {Tab.INPUT: "In", Tab.PREVIOUS: "Prev", Tab.OUTPUT: "Out"}


class DetailPane(Container):
    """Holds a pane of text, one of logs and a table of events, and shows the one of its tab."""

    @dataclass
    class Wanted(Message):
        """A tab was clicked."""

        tab: Tab

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self.text = ValuePane(id="text", classes="pane")
        self.logs = LogPane(id="logs", classes="pane")
        self.events = EventTable(id="node-events", classes="pane")
        self.tabs: Sequence[Tab] = ALL_TABS
        self.tab = Tab.ABOUT
        self._subtitle = Content()
        self._counts: Mapping[Tab, int] = {}
        self._places: list[tuple[range, Tab]] = []

    def compose(self) -> ComposeResult:
        yield self.text
        yield self.logs
        yield self.events

    def on_resize(self) -> None:
        self._show_tab()

    def on_mount(self) -> None:
        self.logs.follow = True
        self.text.wrap = True
        self._show_tab()

    @property
    def shown(self) -> Widget:
        """The child that stands there now."""
        return {Tab.LOGS: self.logs, Tab.EVENTS: self.events}.get(self.tab, self.text)

    def offer(self, tabs: Sequence[Tab]) -> None:
        """Offer these tabs; the shown one stays if it is among them."""
        if tuple(tabs) == tuple(self.tabs):
            return
        self.tabs = tabs
        if self.tab not in tabs and self.tab is not Tab.ABOUT:
            self.turn_to(tabs[0])
        self._show_tab()

    def turn_to(self, tab: Tab) -> None:
        """Show a tab."""
        if tab is self.tab:
            return
        had_focus = self.shown.has_focus
        self.tab = tab
        self._show_tab()
        if had_focus:
            self.screen.set_focus(self.shown)

    def turn_by(self, step: int) -> Tab:
        """Give the tab so many places on, round and round."""
        at = self.tabs.index(self.tab) if self.tab in self.tabs else -1 if step > 0 else 0
        return self.tabs[(at + step) % len(self.tabs)]

    def call_it(self, subtitle: Content) -> None:
        """Name what the pane is about."""
        if subtitle.is_same(self._subtitle):
            return
        self._subtitle = subtitle
        self._show_tab()

    def count(self, counts: Mapping[Tab, int]) -> None:
        """Say on their labels how much stands behind some tabs."""
        if counts != self._counts:
            self._counts = dict(counts)
            self._show_tab()

    def on_click(self, event: Click) -> None:
        pane = self.shown.region
        if event.screen_y == pane.y:
            at = event.screen_x - pane.x - _BEFORE_TITLE
            for tab in (tab for place, tab in self._places if at in place):
                self.post_message(self.Wanted(tab))

    def _show_tab(self) -> None:
        for pane in (self.text, self.logs, self.events):
            pane.display = pane is self.shown
        set_title(self.shown, self._title())

    def _title(self) -> Content:
        self._places = []
        if self.tab is Tab.ABOUT:
            return Content.assemble("5 About  ", (self._subtitle.plain, MUTED))
        parts: list[Content] = [Content("5 ")]
        for place, label in enumerate(self._labels()):
            tab = self.tabs[place]
            start = sum(part.cell_length for part in parts)
            self._places.append((range(start, start + len(label)), tab))
            parts.append(Content.styled(label, "bold $primary" if tab is self.tab else MUTED))
            if place < len(self.tabs) - 1:
                parts.append(Content(" · " if place == 0 else "  "))
        return Content.assemble(*parts)

    def _labels(self) -> Sequence[str]:
        """Name the tabs as fully as they have room: with their counts, without, or in short."""
        room = self.size.width - _AROUND_TITLE
        names = [self._label(tab, tab.value) for tab in self.tabs]
        counts = [f" {self._counts[tab]:,}" if tab in self._counts else "" for tab in self.tabs]
        counted = [
            f"{name}{count}".replace(",", " ") for name, count in zip(names, counts, strict=True)
        ]
        for labels in (counted, names):
            if sum(len(label) + _BETWEEN for label in labels) <= room:
                return labels
        return [self._label(tab, _SHORT.get(tab, tab.value)) for tab in self.tabs]

    def _label(self, tab: Tab, name: str) -> str:
        return f"{'▾' if tab is self.tab else ''}{TAB_KEYS[tab]} {name}"
