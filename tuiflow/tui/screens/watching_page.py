"""A page that holds what is watched, and does with it what a person may do to runs."""

from collections.abc import Sequence

from tuiflow.model.ids import NodePath, RunId
from tuiflow.service import Service
from tuiflow.tui.screens import run_actions
from tuiflow.tui.screens.go_on import go_on
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.reasons import why_not
from tuiflow.tui.screens.runs_list import RunsList
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.widgets.run_list import RunList
from tuiflow.tui.widgets.step_tree import StepTree


class WatchingPage(Page):
    """Knows which run, workflow or file the cursor has chosen; says why a key does nothing."""

    def __init__(self, service: Service, *, classes: str | None = None) -> None:
        super().__init__(service, classes=classes)
        self.run_list = RunList(id="runs", classes="pane")
        self.steps = StepTree(id="steps", classes="pane")
        self.listed = RunsList(service, self.run_list)
        self.watching = Watch()
        self._has_cursor = False

    def go_to_run(self, run_id: RunId, path: NodePath | None = None) -> None:
        """Watch a run, with the cursor on one of its nodes once that is known."""
        raise NotImplementedError

    def forget_choices(self) -> None:
        """Something else is watched from now on."""

    def _watch(self, watch: Watch | None) -> None:
        if watch is None:
            return
        if watch.is_same(self.watching):
            # A run just started is watched before the list knows whose it is.
            self.watching.entry = watch.entry or self.watching.entry
            return
        if not watch.is_like(self.watching):
            self.forget_choices()
        self.watching = watch
        self.refresh_bindings()
        self.tuiflow.clock.wake()

    def leave_run(self, run_id: RunId) -> None:
        """Look elsewhere: this run is to be deleted."""
        if self.watching.run_id == run_id:
            self._watch(Watch())

    def recent_runs(self) -> Sequence[RunId]:
        """List the runs that are known here, newest first."""
        return [run.run_id for run in self.listed.runs]

    def why_not(self, action: str) -> str:
        return why_not(action, self.watching, self.service.catalog)

    def _may(self, action: str) -> bool:
        self._has_cursor = self._has_cursor or self.run_list.cursor_id is not None
        # A key may be quicker than the news that the cursor has moved: the cursor is what counts.
        if not self.listed.is_waiting:
            self._watch(self.listed.chosen())
        if reason := self.why_not(action):
            self.say(reason)
        return not reason

    def action_start(self) -> None:
        if self._may("start") and (entry := self.watching.entry) is not None:
            run_actions.start(self, entry, self._go_to_new)

    def action_go_on(self) -> None:
        if self._may("go_on"):
            go_on(self, self.watching, self.steps.cursor_path, self._go_to_new)

    def action_again(self) -> None:
        if self._may("again"):
            run_actions.again(self, self.watching, self._go_to_new)

    def action_cancel(self) -> None:
        if self._may("cancel"):
            run_actions.cancel(self, self.watching)

    def action_kill(self) -> None:
        if self._may("kill"):
            run_actions.cancel(self, self.watching, "kill")

    def _go_to_new(self, run_id: RunId | None) -> None:
        if run_id is not None:
            self.go_to_run(run_id)

    def action_new(self) -> None:
        if self._may("new"):
            run_actions.write_hello(self)
