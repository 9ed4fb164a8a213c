"""Tells the terminal what goes on, and calls a person who looks elsewhere when a run ends."""

from collections.abc import Sequence

from tuiflow.model.ids import RunId, short_id
from tuiflow.model.status import Status
from tuiflow.service import RunRecord
from tuiflow.tui.format import duration
from tuiflow.tui.outside import UNKNOWN
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.frame import Frame
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.watch import Watch


class Telling:
    """Knows which runs had ended when it looked last."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._opened_at = page.service.now()
        self._over: set[RunId] = set()

    def show(self, runs: Sequence[RunRecord], watch: Watch) -> None:
        """Set title and progress, and say which runs have ended without being seen."""
        over = {run.run_id for run in runs if run.status.is_final}
        # One that was read for the first time may have ended long ago.
        ended = [
            run
            for run in runs
            if run.run_id in over - self._over and (run.ended_at or 0) >= self._opened_at
        ]
        self._over = over
        if ended and not self._is_seen():
            for run in reversed(ended):
                self._page.say(_end(run), "done" if run.status is Status.COMPLETED else "error")
            self._page.tuiflow.outside.ring()
        running = [run for run in runs if not run.status.is_final]
        self._page.tuiflow.outside.show(self._title(running, watch), _progress(running, watch))

    def _is_seen(self) -> bool:
        stack = self._page.app.screen_stack
        page = next(screen for screen in reversed(stack) if isinstance(screen, Frame))
        return page is self._page and not self._page.tuiflow.clock.is_away

    def _title(self, running: Sequence[RunRecord], watch: Watch) -> str:
        home = f"{self._page.service.project.name} - tuiflow"
        if not running:
            return home
        if [run.run_id for run in running] == [watch.run_id]:
            done, count = _counts(watch)
            return f"{running[0].workflow_name} {done}/{count} - {home}"
        return f"{len(running)} running - {home}"


def _progress(running: Sequence[RunRecord], watch: Watch) -> int | None:
    if not running:
        return None
    done, count = _counts(watch) if watch.is_active else (0, 0)
    return 100 * done // count if count else UNKNOWN


def _counts(watch: Watch) -> tuple[int, int]:
    root = watch.state.root
    return watch.state.counts(root) if root is not None and root in watch.state.nodes else (0, 0)


def _end(run: RunRecord) -> str:
    name = safe_line(run.workflow_name, 40)
    took = duration((run.ended_at or run.created_at) - (run.started_at or run.created_at))
    return f"{name}#{short_id(run.run_id)} {run.status.value} after {took}"
