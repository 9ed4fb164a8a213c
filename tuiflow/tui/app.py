"""The full-screen app: themes, the clock, and the pages that stand on the service."""

import time
from collections.abc import Callable
from typing import ClassVar, Protocol, runtime_checkable

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import AppBlur, AppFocus
from textual.worker import Worker, WorkerState

from tuiflow.errors import TuiflowError
from tuiflow.service import Notice, Service
from tuiflow.tui.clock import Clock
from tuiflow.tui.notices import Notices
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.runs import RunsScreen
from tuiflow.tui.theme import TUIFLOW_DARK, TUIFLOW_LIGHT

TWICE = 2.0  # seconds in which a second ctrl+c leaves


@runtime_checkable
class Pulls(Protocol):
    """A screen that takes part in the beat."""

    async def pull(self, *, has_news: bool) -> bool:
        """Look at the service once; say whether anything was new."""
        ...


class TuiflowApp(App[None]):
    """Shows a service; every screen asks it for news at each beat of one clock."""

    TITLE = "tuiflow"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+c",
            "help_quit",
            "Copy or leave",
            id="app.interrupt",
            tooltip="Copy what is selected; twice leaves. Runs go on.",
            show=False,
        ),
    ]

    def __init__(self, service: Service, *, on_shown: Callable[[], object] | None = None) -> None:
        super().__init__()
        self._on_shown = on_shown
        self.service = service
        self.notices = Notices()
        self.clock = Clock(self._pull)
        self._interrupted_at = 0.0
        self._catalog_version = -1
        self._trouble: Notice | None = None
        self._pull_error = ""

    def on_mount(self) -> None:
        self.register_theme(TUIFLOW_DARK)
        self.register_theme(TUIFLOW_LIGHT)
        self.theme = TUIFLOW_DARK.name
        self.push_screen(RunsScreen(self.service))
        self.run_worker(self.clock.run(), name="clock", exit_on_error=False)
        self.run_worker(self._follow_catalog(), name="catalog", exit_on_error=False)

    async def _follow_catalog(self) -> None:
        while True:
            await self.service.catalog_changed()
            self.clock.wake()

    async def _pull(self) -> bool:
        try:
            has_news = await self._pull_all()
        except TuiflowError as error:
            # Said once, for every beat meets it again.
            if str(error) != self._pull_error:
                self._tell(str(error))
            self._pull_error = str(error)
        else:
            self._pull_error = ""
            return has_news
        finally:
            if self._on_shown is not None:
                self.call_after_refresh(self._on_shown)
                self._on_shown = None
        return False

    async def _pull_all(self) -> bool:
        has_news = await self.service.changed()
        version = self.service.catalog.version
        if version != self._catalog_version:
            self._catalog_version = version
            self._take_catalog_notice()
        self._take_trouble()
        found = False
        for screen in self.screen_stack:
            if isinstance(screen, Page) and screen.is_mounted:
                is_news, screen.is_behind = has_news or screen.is_behind, False
                found |= await screen.pull(has_news=is_news)
                screen.show_notice()
            elif isinstance(screen, Pulls):
                await screen.pull(has_news=has_news)
        return has_news or found

    def _take_catalog_notice(self) -> None:
        notice = self.service.catalog.notice
        if notice is not None:
            self.notices.add(notice.at, notice.text, "error" if notice.is_error else "news")

    def _take_trouble(self) -> None:
        trouble = self.service.trouble
        if trouble is not None and trouble is not self._trouble:
            self._trouble = trouble
            self.notices.add(trouble.at, trouble.text, "error")

    def _tell(self, text: str) -> None:
        self.notices.add(self.service.now(), text, "error")
        for screen in self.screen_stack:
            if isinstance(screen, Page):
                screen.show_notice()

    @on(Worker.StateChanged)
    def tell_of_failed_work(self, event: Worker.StateChanged) -> None:
        """Say an error of our own in a line; the screen stays up."""
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            self.log.error(repr(error))
            self._tell(f"tuiflow's own error, the screen goes on: {type(error).__name__}: {error}")
            if event.worker.name == "clock":
                self.set_timer(1.0, self._restart_clock)

    def _restart_clock(self) -> None:
        self.run_worker(self.clock.run(), name="clock", exit_on_error=False)

    @on(AppBlur)
    def go_slower(self) -> None:
        self.clock.is_away = True

    @on(AppFocus)
    def go_faster(self) -> None:
        self.clock.is_away = False
        self.clock.wake()

    def action_help_quit(self) -> None:
        """Hint at the first ctrl+c, leave at the second."""
        now = time.monotonic()
        if now - self._interrupted_at < TWICE:
            self.exit()
        self._interrupted_at = now
        self.notices.add(self.service.now(), "q leaves and runs go on; ctrl+c again leaves too")
        for screen in self.screen_stack:
            if isinstance(screen, Page):
                screen.show_notice()
