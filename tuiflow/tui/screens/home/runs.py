"""The home page: workflows and their runs, the step tree, and what is known of one step."""

from collections.abc import Sequence
from typing import ClassVar

from anyio import move_on_after
from textual import on
from textual.binding import BindingType

from tuiflow.errors import RunNotFoundError
from tuiflow.model.ids import NodePath, RunId, short_id
from tuiflow.service import RunRecord, Service
from tuiflow.tui.keymap import RUNS_LINE
from tuiflow.tui.last_seen import LastSeen
from tuiflow.tui.screens.actions import marked_actions, run_actions
from tuiflow.tui.screens.actions.cancel import Wish
from tuiflow.tui.screens.actions.go_on import go_on
from tuiflow.tui.screens.commands import COMMANDS
from tuiflow.tui.screens.events.events import EventsScreen
from tuiflow.tui.screens.help import known_keys
from tuiflow.tui.screens.home.headline import Headline, shown_folder
from tuiflow.tui.screens.home.home_panes import HomePanes
from tuiflow.tui.screens.home.reasons import why_not
from tuiflow.tui.screens.home.run_keys import RUN_KEYS
from tuiflow.tui.screens.home.run_rows import MORE, RUN, WORKFLOW
from tuiflow.tui.screens.home.runs_list import RunsList
from tuiflow.tui.screens.home.shown_tree import ShownTree, last_tick
from tuiflow.tui.screens.home.telling import Telling
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.widgets.event_table import EventTable
from tuiflow.tui.widgets.line_pane import LinePane
from tuiflow.tui.widgets.run_list import RunList
from tuiflow.tui.widgets.step_tree import StepTree

_NOT_DRAWN = 0.08  # seconds a page waits for what a run begins with
_FIRST_STEP = 2  # the number of the event after a run's own start


class RunsScreen(HomePanes):
    """Holds what is watched and the panes that show it."""

    BINDINGS: ClassVar[list[BindingType]] = [*RUN_KEYS]
    KEYS_LINE = RUNS_LINE

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self.listed = RunsList(service, self.run_list)
        self.headline = Headline(service, self.header)
        self.telling = Telling(self)
        self.shown_tree = ShownTree(self.steps)

    def on_mount(self) -> None:
        self.set_focus(self.run_list)
        self.tuiflow.commands = COMMANDS
        self.tuiflow.known_keys = known_keys
        self.tuiflow.after_reload = self.listed.on_older_code
        self.tuiflow.follow(self.service)

    async def prepare(self) -> None:
        """Read what the first frame shows."""
        await self.listed.pull(last_tick(self.service.now()), has_news=True)
        await self.headline.show(self.listed.runs, has_news=True)

    @property
    def is_ticking(self) -> bool:
        """A run that goes on counts its seconds."""
        return self.watching.is_active or any(not run.status.is_final for run in self.listed.runs)

    async def pull(self, *, has_news: bool) -> bool:
        """Read what is new and show it; every pane is drawn only where it differs."""
        now = last_tick(self.service.now())
        news = await self.listed.pull(now, has_news=has_news)
        if self.listed.place_cursor(is_elsewhere=self.focused not in (None, self.run_list)):
            self._watch(self.listed.chosen())
        self._catch_up_with_catalog()
        watching, is_new = self.watching, self.watching.is_new
        if has_news or is_new or watching.is_behind:
            watching.is_new = False
            news |= await self._read(watching)
        if watching is self.watching:
            if self.shown_tree.show(watching, now, is_changed=news or is_new):
                self.refresh_bindings()
            spot = self.steps.cursor_spot
            self.note_seen(watching, spot, await self.shown_detail.show(watching, spot))
        await self.headline.show(self.listed.runs, has_news=has_news)
        self.telling.show(self.listed.runs, self.watching)
        if watching.is_behind:
            self.tuiflow.clock.wake()
        return news

    async def _read(self, watching: Watch) -> bool:
        try:
            return await watching.pull(self.service)
        except RunNotFoundError:
            # Somebody else has deleted it, or the whole database.
            if watching is self.watching:
                self._watch(self.listed.chosen() or Watch())
            return True

    def _catch_up_with_catalog(self) -> None:
        # A save changes the shape of an idle workflow; what runs keeps the shape it has.
        watching = self.watching
        if watching.record is not None:
            watching.entry = self.listed.entry_of_run(watching.record)
        elif watching.run_id is None and self.listed.is_outdated(watching):
            self._watch(self.listed.chosen() or Watch())

    def _watch(self, watch: Watch | None) -> None:
        if watch is None:
            return
        if watch.is_same(self.watching):
            # A run just started is watched before the list knows whose it is.
            self.watching.entry = watch.entry or self.watching.entry
            return
        if not watch.is_like(self.watching):
            self.shown_detail.forget_tab()
        self.watching = watch
        self.refresh_bindings()
        self.tuiflow.clock.wake()

    @on(RunList.Highlighted)
    def look_at_row(self) -> None:
        self._watch(self.listed.chosen())

    @on(RunList.Opened)
    async def open_row(self, event: RunList.Opened) -> None:
        if event.id.startswith(MORE):
            self.listed.unfold(event.id)
        elif self.watching.broken is not None:
            self.set_focus(self.detail.shown)
        elif self.watching.state.nodes or self.watching.run_id:
            await self.action_pane(2)

    @on(RunList.Marked)
    def mark_row(self, event: RunList.Marked) -> None:
        if event.id.startswith(RUN):
            self.listed.mark(event.id)
            self.run_list.action_cursor_down()
            self.refresh_bindings()
        elif event.id.startswith((MORE, WORKFLOW)):
            self.listed.unfold(event.id)

    @on(RunList.Scrolled)
    def look_further(self) -> None:
        self.tuiflow.clock.wake()

    @on(StepTree.Zoomed)
    @on(StepTree.Highlighted)
    def look_at_node(self) -> None:
        self.tuiflow.clock.wake()

    @on(LinePane.WantsOlder)
    @on(EventTable.WantsMore)
    def read_more(self) -> None:
        self.tuiflow.clock.wake()

    @on(EventTable.Opened)
    def to_step(self, event: EventTable.Opened) -> None:
        self.steps.move_to(event.event.node_path)
        self.go_to_pane(2)

    @on(StepTree.Opened)
    def open_node(self) -> None:
        self._focus_pane(self.detail.shown)

    def last_seen(self) -> LastSeen:
        """Give what the next start draws first."""
        return LastSeen(self.listed.rows, self.run_list.cursor_id or "", shown_folder(self.service))

    def go_to_run(self, run_id: RunId, path: NodePath | None = None) -> None:
        """Watch a run, with the cursor on one of its nodes once that is known."""
        self.listed.want(RUN + run_id)
        self.shown_tree.want(path)
        self._watch(Watch(run_id=run_id))
        self.tuiflow.clock.hurry()
        self.go_to_pane(2)
        self.run_worker(self._draw_once(self.watching), exit_on_error=False)

    async def _draw_once(self, watching: Watch) -> None:
        # A whole page takes longer to draw than a run to begin: it is drawn with its first step.
        with self.app.batch_update(), move_on_after(_NOT_DRAWN):
            while watching is self.watching and watching.state.seq < _FIRST_STEP:
                await self.tuiflow.clock.beat()

    def leave_run(self, run_id: RunId) -> None:
        """Look elsewhere: this run is to be deleted."""
        if self.watching.run_id == run_id:
            self._watch(Watch())
        self.listed.forget(run_id)

    def marked_runs(self) -> Sequence[RunRecord]:
        """List the runs that are marked."""
        return self.listed.marked()

    def recent_runs(self) -> Sequence[RunId]:
        """List the runs that are known here, newest first."""
        return [run.run_id for run in self.listed.runs]

    def why_not(self, action: str) -> str:
        if action in {"cancel", "kill", "again"} and self.listed.marked():
            return ""
        return why_not(action, self.watching, self.service.catalog)

    def look_at_cursor(self) -> None:
        self.listed.take_cursor()
        if not self.listed.is_waiting:
            self._watch(self.listed.chosen())

    def _may(self, action: str) -> bool:
        self.look_at_cursor()
        if reason := self.why_not(action):
            self.say(reason)
        return not reason

    def action_start(self) -> None:
        self.look_at_cursor()
        if self.watching.entry is None and not self.listed.is_settled:
            self.say("the workflows are still loading; the form comes with them")
            self.tuiflow.hold_typing(self._start_when_loaded())
        else:
            self._start()

    async def _start_when_loaded(self) -> None:
        # The first one that comes up may not be the first of the list.
        await run_actions.wait_for(self, lambda: self.listed.is_settled, seconds=1)
        await run_actions.wait_for(self, lambda: self.watching.entry is not None, seconds=5)
        self._start()

    def _start(self) -> None:
        if self._may("start"):
            run_actions.start(self, self.watching, self._go_to_new)

    async def action_go_on(self) -> None:
        await self.catch_up()
        if self._may("go_on"):
            go_on(self, self.watching, self.steps.cursor_path, self._go_to_new)

    def action_again(self) -> None:
        if marked := self.listed.marked():
            marked_actions.start_all_again(self, marked, self.unmark)
        elif self._may("again"):
            run_actions.again(self, self.watching, self._go_to_new)

    async def action_cancel(self) -> None:
        await self._end("cancel")

    async def action_kill(self) -> None:
        await self._end("kill")

    async def _end(self, wish: Wish) -> None:
        await self.catch_up()
        if marked := self.listed.marked():
            marked_actions.end_all(self, marked, wish, self.unmark)
        elif self._may(wish):
            run_actions.cancel(self, self.watching, wish)

    def unmark(self) -> None:
        """Take the marks away."""
        self.listed.unmark()
        self.refresh_bindings()

    def action_step_out(self) -> None:
        if self.listed.marked():
            self.unmark()
        else:
            super().action_step_out()

    def _go_to_new(self, run_id: RunId | None) -> None:
        if run_id is not None:
            self.go_to_run(run_id)

    def action_new(self) -> None:
        if self._may("new"):
            run_actions.write_hello(self)

    async def action_next_failure(self) -> None:
        await self.catch_up()
        reason = self.why_not("next_failure")
        if self.steps.next_failure():
            self.go_to_pane(2)
            reason = f"{reason}; this was the slowest" if reason else ""
        if reason:
            self.say(reason)

    def action_all_events(self) -> None:
        run_id = self.watching.run_id if self._may("all_events") else None
        asked = f"run:{short_id(run_id)} " if run_id else ""
        self.app.push_screen(EventsScreen(self.service, asked=asked, to_step=self.go_to_run))

    def action_leave(self) -> None:
        self.app.exit()
