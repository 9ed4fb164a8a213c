"""The page that watches runs, as commands know it."""

from collections.abc import Sequence
from typing import Protocol, cast, runtime_checkable

from tuiflow.model.ids import NodePath, RunId
from tuiflow.service import RunRecord
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.watch import Watch


@runtime_checkable
class Home(Protocol):
    """The page that watches runs."""

    watching: Watch

    def go_to_run(self, run_id: RunId, path: NodePath | None = None) -> None:
        """Watch this run."""
        ...

    def leave_run(self, run_id: RunId) -> None:
        """Look elsewhere: this run is to be deleted."""
        ...

    def marked_runs(self) -> Sequence[RunRecord]:
        """List the runs that are marked."""
        ...

    def recent_runs(self) -> Sequence[RunId]:
        """List the runs it shows, newest first."""
        ...


def home_of(page: Page) -> Home:
    """Find it below whatever lies over it."""
    return next(screen for screen in page.app.screen_stack if isinstance(screen, Home))


async def go_home(page: Page) -> Home:
    """Take away what lies over it."""
    home = home_of(page)
    while page.app.screen is not cast("object", home):
        await page.app.pop_screen()
    return home
