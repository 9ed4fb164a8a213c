"""What pages and dialogs share: they know the app, leave once, and lose no error."""

from typing import TYPE_CHECKING, TypeVar, cast

from textual import on
from textual.await_complete import AwaitComplete
from textual.screen import Screen
from textual.worker import Worker

if TYPE_CHECKING:
    from tuiflow.tui.app import TuiflowApp

Answer = TypeVar("Answer")


class AppScreen(Screen[Answer]):
    """A screen of the app."""

    @property
    def tuiflow(self) -> "TuiflowApp":
        """The app, as what it is."""
        return cast("TuiflowApp", self.app)

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Leave with an answer; a second time would take away the page below."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    @on(Worker.StateChanged)
    def tell_of_failed_work(self, event: Worker.StateChanged) -> None:
        """Have it said by the app, which is only told of its own."""
        self.tuiflow.tell_of_failed_work(event)
