"""Fills the panes with what is known of the node under the cursor, and again when that changes."""

from collections.abc import Hashable, Sequence

from textual.content import Content
from textual.geometry import Size

from tuiflow.model.ids import NodePath, path_name
from tuiflow.model.status import Status
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.service import Service
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.events.event_window import EventWindow
from tuiflow.tui.screens.panes import about, pane_text
from tuiflow.tui.screens.panes.detail import DetailPane
from tuiflow.tui.screens.panes.node_events import node_events
from tuiflow.tui.screens.panes.node_feed import NodeFeed
from tuiflow.tui.screens.panes.pictures import Pictures
from tuiflow.tui.screens.panes.tab_counts import TabCounts
from tuiflow.tui.screens.panes.tabs import Tab
from tuiflow.tui.screens.panes.written_text import WrittenText, is_being_written
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot
from tuiflow.tui.theme import MUTED
from tuiflow.tui.titles import PANE_TITLES, set_subtitle, set_title
from tuiflow.tui.widgets.content_lines import log_lines, text_lines
from tuiflow.tui.widgets.line_pane import LinePane
from tuiflow.tui.widgets.pane_key import told_keys

LOG_PAGE = 2000  # lines read at a time, the newest first
_DEFAULT_TABS = {
    Status.ERROR: Tab.ERROR,
    Status.CRASHED: Tab.ERROR,
    Status.RUNNING: Tab.LOGS,
    Status.CANCELLED: Tab.LOGS,
}


def default_tab(watch: Watch, spot: Spot | None) -> Tab:
    """Choose what a person most likely wants to know of a node in its state."""
    if watch.run_id is None:
        return Tab.ABOUT
    node = spot.find(watch.state.nodes) if spot else None
    return _DEFAULT_TABS.get(node.status, Tab.OUTPUT) if node else Tab.OUTPUT


class NodePanes:
    """Knows the input, previous and detail panes; each is read only while it is seen."""

    def __init__(
        self,
        service: Service,
        pictures: Pictures,
        beside: tuple[LinePane, LinePane],
        detail: DetailPane,
    ) -> None:
        self._service = service
        self._pictures = pictures
        self._detail = detail
        self._panes = {"text": detail.text, "input": beside[0], "previous": beside[1]}
        self._shown: dict[str, tuple[Hashable, Hashable]] = {}
        self._logs = NodeFeed(service, frozenset({"StepLog"}), first=LOG_PAGE)
        self._events = EventWindow(service, detail.events)
        self._events_of: Hashable = None
        self._written = WrittenText(service)
        self._is_writing = False
        self._no_logs = ""
        self._counts = TabCounts(service)
        self.is_beside = False
        """Input and previous have panes of their own."""

    async def show(self, watch: Watch, spot: Spot | None, tab: Tab) -> None:
        """Show a node on one of its tabs, reading only what is new since the last call."""
        if spot is None or spot.path not in watch.state.nodes:
            return
        if self.is_beside:
            await self._fill("input", Tab.INPUT, watch, spot)
            await self._fill("previous", Tab.PREVIOUS, watch, spot)
            self._title_previous(watch, spot.path)
        await self._show_tab(tab, watch, spot)
        self._detail.count(await self._counts.read(watch, spot))

    async def _show_tab(self, tab: Tab, watch: Watch, spot: Spot) -> None:
        if tab in {Tab.LOGS, Tab.EVENTS} and watch.run_id is None:
            self._show_no_run(watch, spot)
        elif tab is Tab.LOGS:
            await self._follow_logs(watch, spot)
            self._detail.logs.tell_over(is_over=spot.node(watch.state.nodes).status.is_final)
        elif tab is Tab.EVENTS:
            await self._follow_events(watch, spot)
        elif tab is not Tab.OUTPUT or not await self._follow_text(watch, spot):
            if self._is_writing:
                self._is_writing = self._detail.text.follow = False
            await self._fill("text", tab, watch, spot)

    def show_no_step(self, what: Hashable, lines: Sequence[Content]) -> None:
        """Show lines of our own where there is no step, and nothing beside them."""
        self._say("text", what, lines)
        if self.is_beside:
            self._say("input", None, ())
            self._say("previous", None, ())
            set_title(self._panes["previous"], PANE_TITLES["previous"])

    def _say(self, name: str, what: Hashable, lines: Sequence[Content]) -> None:
        key = (what, lines and lines[0].plain)
        if self._shown.get(name) != key:
            self._shown[name] = key
            self._panes[name].offer("")
            self._panes[name].show(lines)

    async def _fill(self, name: str, tab: Tab, watch: Watch, spot: Spot) -> None:
        what, pane = (tab, watch.run_id, spot), self._panes[name]
        state: tuple[Hashable, ...] = (_state_of(watch, spot.path),)
        if media := self.media(tab, watch, spot):
            state = (*state, media, self._pictures.version, pane.size)
        before = self._shown.get(name)
        if before == (what, state):
            return
        room = Size(pane.text_width, pane.size.height)
        lines = await self._lines(tab, watch, spot, self._pictures.lines(media, room))
        self._shown[name] = (what, state)
        pane.offer(self._keys_for(tab, watch, spot))
        pane.show(lines, keep_scroll=before is not None and before[0] == what)

    def _keys_for(self, tab: Tab, watch: Watch, spot: Spot) -> str:
        """Name what can be done about a failure."""
        failure = spot.node(watch.state.nodes).failure
        if tab is not Tab.ERROR or failure is None:
            return ""
        told = [("panes.copy", "copies it")]
        if failure.frames:
            told.insert(0, ("panes.view", "opens the line"))
        if watch.status.is_final:
            told.insert(0, ("runs.go_on", "goes on from here"))
        return told_keys(self._detail, told)

    def media(self, tab: Tab, watch: Watch, spot: Spot) -> Sequence[StoredMedium]:
        """List the media that a tab shows of a node."""
        if watch.run_id is None or spot.path not in watch.state.nodes:
            return ()
        if tab is Tab.INPUT:
            return self._service.media_before(watch.state, spot.path)
        is_made = tab is Tab.OUTPUT and not spot.attempt
        return watch.state.media_of(spot.path) if is_made else ()

    async def _lines(
        self, tab: Tab, watch: Watch, spot: Spot, media: pane_text.Lines
    ) -> pane_text.Lines:
        if watch.run_id is None and watch.entry is not None:
            if tab is Tab.ABOUT:
                return about.workflow_lines(watch.entry, self._service.project)
            if tab is Tab.INPUT:
                return about.field_lines(watch.entry)
        match tab:
            case Tab.INPUT:
                return await pane_text.input_lines(self._service, watch, spot.path, media)
            case Tab.PREVIOUS:
                return await pane_text.previous_lines(self._service, watch, spot.path)
            case Tab.ERROR:
                return await pane_text.error_lines(self._service, watch, spot)
            case _:
                return await pane_text.output_lines(self._service, watch, spot, media)

    def _title_previous(self, watch: Watch, path: NodePath) -> None:
        before = watch.state.nodes[path].previous
        name = safe_line(path_name(before), 24) + "  " if before else ""
        title = Content.assemble("4 Previous  ", (name, "bold"), ("(p)", MUTED))
        set_title(self._panes["previous"], title)

    async def _follow_text(self, watch: Watch, spot: Spot) -> bool:
        """Show what a running step has written so far; False where it has written nothing."""
        if not is_being_written(watch, spot.node(watch.state.nodes)):
            return False
        is_new = await self._written.read(watch, spot)
        what = ("written", watch.run_id, spot)
        is_turned_to = self._shown.get("text") != (what, None)
        if self._written.text and (is_new or is_turned_to):
            self._shown["text"] = (what, None)
            pane = self._detail.text
            if is_turned_to:
                pane.offer("")
                self._is_writing = pane.follow = True
            pane.show(list(text_lines(self._written.text)), keep_scroll=True)
        return bool(self._written.text)

    def _show_no_run(self, watch: Watch, spot: Spot) -> None:
        text = pane_text.no_logs(watch, spot)
        # What is not forgotten is still that of the run which was looked at before.
        if self._logs.forget() or self._events_of is not None or text != self._no_logs:
            self._no_logs, self._events_of = text, None
            self._detail.logs.tell(pane_text.say(text))
            self._detail.events.empty = "Not started. What is recorded of it will stand here."
            self._detail.events.show([])

    async def _follow_logs(self, watch: Watch, spot: Spot) -> None:
        batch = await self._logs.read(watch, spot, follows=self._detail.logs.follow)
        lines = log_lines(batch.events, spot.path)
        said_before = "" if batch.is_first else self._no_logs
        if not batch.is_first and not said_before:
            self._detail.logs.append(lines)
            await self._read_older(watch, spot)
            return
        self._no_logs = "" if lines else pane_text.no_logs(watch, spot)
        if lines or self._no_logs != said_before:
            if lines:
                self._detail.logs.show(lines, keep_scroll=batch.has_gap)
            else:
                self._detail.logs.tell(pane_text.say(self._no_logs))
            self._detail.logs.has_older = self._logs.has_older

    async def _read_older(self, watch: Watch, spot: Spot) -> None:
        pane = self._detail.logs
        if pane.wants_older:
            older = log_lines(await self._logs.older(watch, spot), spot.path)
            pane.prepend(older, has_older=self._logs.has_older)
            if pane.wants_older:
                pane.post_message(pane.WantsOlder())

    async def _follow_events(self, watch: Watch, spot: Spot) -> None:
        if self._events_of != (what := (watch.run_id, spot)):
            self._events_of = what
            is_live = watch.is_active and not spot.attempt
            self._detail.events.empty = ""
            await self._events.ask(node_events(watch, spot), is_live=is_live)
            self._detail.events.empty = "Nothing was recorded here yet."
        else:
            await self._events.look()
        below = f"{self._events.below} new below · G end" if self._events.below else ""
        set_subtitle(self._detail.events, below)


def _state_of(watch: Watch, path: NodePath) -> Hashable:
    node = watch.state.nodes[path]
    entry = watch.entry
    revision = (
        (entry.report.revision, entry.failure is None) if entry and not watch.run_id else None
    )
    return (
        watch.status,
        node.status,
        len(node.attempts),
        node.ended_at,
        node.reason,
        tuple(watch.state.nodes[child].status for child in node.children[:200]),
        revision,
    )
