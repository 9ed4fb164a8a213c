"""The panes of the home page: where they stand, which is gone to, and what is done with them."""

import json
from collections.abc import Hashable, Iterable

import anyio
from textual import on
from textual.containers import Horizontal
from textual.events import Mount, Resize
from textual.widget import Widget

from tuiflow.model.event_json import event_json
from tuiflow.service import Service
from tuiflow.tui.screens.actions import run_actions
from tuiflow.tui.screens.home.layout import Layout
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.panes import copy_as, save_media, viewing
from tuiflow.tui.screens.panes.detail import DetailPane
from tuiflow.tui.screens.panes.node_panes import NodePanes
from tuiflow.tui.screens.panes.pictures import Pictures
from tuiflow.tui.screens.panes.shown_detail import ShownDetail
from tuiflow.tui.screens.panes.tabs import ALL_TABS, BESIDE_TABS, Tab
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot
from tuiflow.tui.titles import PANE_TITLES
from tuiflow.tui.widgets.line_pane import LinePane
from tuiflow.tui.widgets.run_list import RunList
from tuiflow.tui.widgets.step_tree import StepTree
from tuiflow.tui.widgets.value_pane import ValuePane

_LONGEST = 1.0  # seconds that a key waits for what it is about


class HomePanes(Page):
    """Holds the panes; what is watched in them is a subclass's choice."""

    def __init__(self, service: Service) -> None:
        super().__init__(service, classes="home")
        self.run_list = RunList(id="runs", classes="pane")
        self.steps = StepTree(id="steps", classes="pane")
        self.input_pane = ValuePane(id="input", classes="pane")
        self.previous_pane = ValuePane(id="previous", classes="pane")
        self.detail = DetailPane(id="detail")
        self.top = Horizontal(self.run_list, self.steps, id="top")
        self.bottom = Horizontal(self.input_pane, self.previous_pane, self.detail, id="bottom")
        self.places = Layout(self, self.top, self.bottom)
        self.panes = NodePanes(
            service,
            Pictures(service, self.work, self._wake),
            (self.input_pane, self.previous_pane),
            self.detail,
        )
        self.shown_detail = ShownDetail(service, self.panes, self.detail)
        self._beside = {Tab.INPUT: self.input_pane, Tab.PREVIOUS: self.previous_pane}
        """What is a tab where there is less room."""
        self.watching = Watch()
        self._seen: Hashable = None

    def compose_body(self) -> Iterable[Widget]:
        yield self.top
        yield self.bottom

    @on(Mount)
    def name_panes(self) -> None:
        for pane in (self.run_list, self.steps, self.input_pane, self.previous_pane):
            pane.border_title = PANE_TITLES[pane.id or ""]
        self.input_pane.wrap = self.previous_pane.wrap = True

    @on(Resize)
    def lay_out(self, event: Resize) -> None:
        tab, focused = self._tab, self.focused or self._had_focus
        was_narrow = self.places.is_narrow
        self.places.resized(event.size)
        self.panes.is_beside = self.places.is_beside(event.size)
        self.detail.offer(BESIDE_TABS if self.panes.is_beside else ALL_TABS)
        if self.places.is_narrow and not was_narrow:
            self.places.go("runs" if focused is self.run_list else "steps")
        if tab in self._beside and focused in (self.detail.text, self._beside[tab]):
            self._go_with(tab)
        self.tuiflow.clock.wake()

    def _go_with(self, tab: Tab) -> None:
        """Go to the pane in which this stands now."""
        if not self.panes.is_beside:
            self.shown_detail.choose(tab)
        pane = self._beside[tab] if self.panes.is_beside else self.detail.text
        if self.places.zoomed:
            self.places.zoom(pane)
        self.set_focus(pane)

    def look_at_cursor(self) -> None:
        """Watch what the cursor stands on, before the news of it has come."""

    def note_seen(self, watching: Watch, spot: Spot | None, tab: Tab) -> None:
        """Remember what the panes show by now."""
        self._seen = (id(watching), spot, tab)

    async def catch_up(self) -> None:
        """Wait until the panes show what the cursor stands on: keys are quicker than they are."""
        self.look_at_cursor()
        with anyio.move_on_after(_LONGEST):
            while self._seen != (id(self.watching), self.steps.cursor_spot, self.detail.tab):
                await self.tuiflow.clock.look()

    async def action_copy(self) -> None:
        await self.catch_up()
        event = self.detail.events.cursor_event if self._tab is Tab.EVENTS else None
        if event is not None and not self.get_selected_text():
            self.copy_out(json.dumps(event_json(event), indent=2, ensure_ascii=False))
        else:
            run_actions.copy_text(self, self._text_pane())

    async def action_copy_as(self) -> None:
        await self.catch_up()
        spot = self.steps.cursor_spot
        copy_as.ask_and_copy(self, self._text_pane(), self._tab, self.watching, spot)

    async def action_view(self) -> None:
        await self.catch_up()
        if (pane := self._text_pane()) is None:
            self.say("nothing to open here; enter goes to an event's step, E browses all of them")
        else:
            await viewing.view(self, pane, self._tab, self.watching, self.steps.cursor_spot)

    async def action_save(self) -> None:
        await self.catch_up()
        spot = self.steps.cursor_spot
        media = self.panes.media(self._tab, self.watching, spot) if spot else ()
        self.work(save_media.save(self, self.watching.run_id, media))

    def _wake(self) -> None:
        self.tuiflow.clock.wake()

    @property
    def _tab(self) -> Tab:
        """What the pane shows that the next key is about."""
        pane = self._text_pane()
        return next((tab for tab in self._beside if self._beside[tab] is pane), self.detail.tab)

    def _text_pane(self) -> LinePane | None:
        panes = (self.focused, self.detail.shown)
        return next((pane for pane in panes if isinstance(pane, LinePane)), None)

    @on(DetailPane.Wanted)
    def turn_to_clicked(self, event: DetailPane.Wanted) -> None:
        self.action_tab(event.tab.value)

    def action_tab(self, name: str) -> None:
        tab = Tab(name)
        if self.panes.is_beside and tab in self._beside:
            self._focus_pane(self._beside[tab])
        else:
            self.shown_detail.choose(tab)
        self.tuiflow.clock.wake()

    def action_turn(self, step: int) -> None:
        self.action_tab(self.detail.turn_by(step).value)

    async def action_pane(self, number: int) -> None:
        if number != 1:
            await self.catch_up()
        self.go_to_pane(number)

    def go_to_pane(self, number: int) -> None:
        """Go to a pane, and to the level it stands on."""
        if number <= 2 and self.places.is_narrow:
            self.places.go("runs" if number == 1 else "steps")
        if number in {3, 4}:
            self.action_tab(Tab.INPUT.value if number == 3 else Tab.PREVIOUS.value)
        pane = {1: self.run_list, 2: self.steps}.get(number)
        if pane is not None:
            self._focus_pane(pane)
        elif number == 5 or not self.panes.is_beside:
            self._focus_pane(self.detail.shown)

    def _focus_pane(self, pane: Widget) -> None:
        if not self.places.zoomed:
            self.set_focus(pane)
            return
        self.places.zoom(pane)
        # What is not seen yet cannot have the focus.
        self.call_after_refresh(self.set_focus, pane)

    def action_zoom(self) -> None:
        self.places.zoom(None if self.places.zoomed else self.focused)
        # A picture is drawn anew where it has more room.
        self.call_after_refresh(self._wake)

    def action_step_out(self) -> None:
        if self.get_selected_text():
            self.clear_selection()
            return
        if self.focused is self.steps and self.steps.zoom_out():
            return
        if self.places.zoomed:
            self.places.zoom(None)
        else:
            is_high = self.focused in (self.run_list, self.steps)
            self.go_to_pane(1 if is_high or self.places.shows_only_runs else 2)
