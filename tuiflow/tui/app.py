"""The full-screen app: themes, the clock, and the pages that stand on the service."""

import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar, runtime_checkable

from textual import on
from textual.actions import SkipAction
from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import AppBlur, AppFocus, Event, Key, Paste
from textual.filter import LineFilter
from textual.screen import ModalScreen
from textual.worker import Worker, WorkerState

from tuiflow.errors import TuiflowError
from tuiflow.model.clock import now
from tuiflow.tui.clock import Clock
from tuiflow.tui.config import Config
from tuiflow.tui.mouse import report_mouse
from tuiflow.tui.moved_keys import read_moved
from tuiflow.tui.notices import Notices, Tone
from tuiflow.tui.outside import Outside
from tuiflow.tui.plain_signs import PlainSigns, is_wanted
from tuiflow.tui.screens.frame import Frame
from tuiflow.tui.theme import TUIFLOW_DARK, TUIFLOW_GREY, TUIFLOW_LIGHT
from tuiflow.tui.typed_ahead import TypedAhead

if TYPE_CHECKING:
    from tuiflow.service import Notice, Service
    from tuiflow.tui.screens.command import Command

Answer = TypeVar("Answer")
TWICE = 2.0  # seconds in which a second ctrl+c leaves


@runtime_checkable
class Pulls(Protocol):
    """A screen that takes part in the beat."""

    async def pull(self, *, has_news: bool) -> bool:
        """Look at the service once; say whether anything was new."""
        ...


@runtime_checkable
class HoldsText(Protocol):
    """A box to type in."""

    @property
    def selected_text(self) -> str:
        """What is selected of it."""
        ...


class TuiflowApp(App[None]):
    """Shows a service; every screen asks it for news at each beat of one clock."""

    TITLE = "tuiflow"
    CSS_PATH = ["app.tcss", "screens/home/home.tcss"]  # noqa: RUF012 - Textual's own attribute
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
            # In a dialog too, which no other key of the app comes through.
            priority=True,
        ),
    ]

    def __init__(self, first: Frame) -> None:
        super().__init__()
        self._first = first
        self._service: Service | None = None
        self.is_live = False
        """What the service knows has been drawn."""
        self.on_live: Callable[[], object] | None = None
        self._typed_ahead = TypedAhead(self)
        self.commands: Sequence[Command] = ()
        """What can be said after a colon, once there is something to say it to."""
        self.known_keys: Callable[[], Mapping[str, str]] = dict[str, str]
        """Gives all keys by the ids of their bindings, once there are pages."""
        self.after_reload: Callable[[], str] = str
        """What is said behind the news that a file was read again."""
        self.next_target: Path | None = None
        """What is to be opened once this one is left."""
        self._has_mouse = True
        self.notices = Notices()
        self.clock = Clock(self._pull)
        self._signs: list[LineFilter] = [PlainSigns()] if is_wanted(os.environ) else []
        self.outside = Outside(self._tell_terminal)
        """What the terminal is told besides the picture."""
        self.moved_keys: Mapping[str, str] = {}
        """The keys that a person has moved, by the id of their binding."""
        self._interrupted_at = 0.0
        self._catalog_version = -1
        self._told: Notice | None = None
        self._trouble: Notice | None = None
        self._pull_error = ""

        for theme in (TUIFLOW_DARK, TUIFLOW_LIGHT, TUIFLOW_GREY):
            self.register_theme(theme)
        # Before anything stands there: a theme that comes later has all of it styled anew.
        self.theme = (TUIFLOW_GREY if self.no_color else TUIFLOW_DARK).name

    def get_default_screen(self) -> Frame:
        """Begin with a page of ours: Textual's empty one would be drawn below it first."""
        return self._first

    async def go_home(self, home: Frame) -> None:
        """Lay the page over the service on the first one, which cannot be taken away."""
        await self.push_screen(home)

    def follow(self, service: "Service") -> None:
        """Show what this service knows, from now on."""
        self._service = service
        if service.settings.ascii and not self._signs:
            self._signs.append(PlainSigns())
            self.refresh_css(animate=False)
        self.run_worker(self.clock.run(), name="clock", exit_on_error=False)
        self.run_worker(self._follow_catalog(service), name="catalog", exit_on_error=False)

    async def _follow_catalog(self, service: "Service") -> None:
        while True:
            await service.catalog_changed()
            self.clock.wake()

    async def _pull(self) -> bool:
        assert self._service is not None
        try:
            has_news = await self._pull_all(self._service)
        except TuiflowError as error:
            # Said once, for every beat meets it again.
            if str(error) != self._pull_error:
                self.say(str(error), "error")
            self._pull_error = str(error)
            # A page that was opened since has not been told.
            self._show_notices()
        else:
            self._pull_error = ""
            return has_news
        finally:
            if not self.is_live:
                self.call_after_refresh(self._go_live)
        return False

    def _go_live(self) -> None:
        self.is_live = True
        if self.on_live is not None:
            self.on_live()
        self._typed_ahead.release()

    def hold_typing(self, doing: Awaitable[object]) -> None:
        """Do something; what is typed meanwhile is kept for the page that stands there then."""
        self._typed_ahead.hold(doing)

    def ask(self, dialog: ModalScreen[Answer], answered: Callable[[Answer | None], None]) -> None:
        """Lay a dialog over the page; what is typed from now on waits until it can take it."""
        self.hold_typing(self.push_screen(dialog, answered))

    async def on_event(self, event: Event) -> None:
        """Keep what is typed until there is something to type it on; leaving works at once."""
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
        elif isinstance(event, Key) and event.key.startswith("alt+") and event.is_printable:
            # A terminal says `esc` and the next key in the same way; alt means nothing here.
            await self.on_event(Key("escape", "\x1b"))
            await self.on_event(Key(event.key.removeprefix("alt+"), event.character))
        elif not self._typed_ahead.keeps(event):
            await super().on_event(event)
            self._typed_ahead.passed(event)

    async def _pull_all(self, service: "Service") -> bool:
        has_news = await service.changed()
        version = service.catalog.version
        is_told = version == self._catalog_version and service.trouble is self._trouble
        if is_told and not has_news and self.clock.is_calm and not self._is_ticking():
            return False
        self._catalog_version = version
        self._take_notices(service.catalog.notice, service.trouble)
        found = False
        for screen in self.screen_stack:
            if isinstance(screen, Frame) and screen.is_mounted:
                is_news, screen.is_behind = has_news or screen.is_behind, False
                found |= await screen.pull(has_news=is_news)
                screen.show_notice()
            elif isinstance(screen, Pulls):
                await screen.pull(has_news=has_news)
        return has_news or found

    def _is_ticking(self) -> bool:
        """Something on a screen counts on by itself."""
        screens = self.screen_stack
        return any(not isinstance(one, Frame) or one.is_ticking or one.is_behind for one in screens)

    def _take_notices(self, told: "Notice | None", trouble: "Notice | None") -> None:
        """Say what the catalog and the service have to say, each once."""
        if told is not None and told is not self._told:
            text = told.text if told.is_error else f"{told.text}{self.after_reload()}"
            self.notices.add(told.at, text, "error" if told.is_error else "news")
        if trouble is not None and trouble is not self._trouble:
            self.notices.add(trouble.at, trouble.text, "error")
        self._told, self._trouble = told, trouble

    def say(self, text: str, tone: Tone = "done") -> None:
        """Put one line on the notice line of every page."""
        at = self._service.now() if self._service else now()
        self.notices.add(at, text, tone)
        self._show_notices()

    def _show_notices(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, Frame):
                screen.show_notice()

    @on(Worker.StateChanged)
    def tell_of_failed_work(self, event: Worker.StateChanged) -> None:
        """Say an error of our own in a line; the screen stays up."""
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            self.log.error(repr(error))
            what = f"{type(error).__name__}: {error}"
            self.say(f"tuiflow's own error, the screen goes on: {what}", "error")
            if event.worker.name == "clock":
                self.set_timer(1.0, self._restart_clock)

    def _restart_clock(self) -> None:
        self.run_worker(self.clock.run(), name="clock", exit_on_error=False)

    def configure(self, config: Config) -> None:
        """Take a person's theme and keys; what is not known is said."""
        for problem in config.problems:
            self.say(problem, "error")
        if config.theme and config.theme not in self.available_themes:
            self.say(f"config.toml: there is no theme {config.theme!r}", "error")
        elif config.theme:
            self.theme = config.theme
        self.outside.allow(config.wanted)
        moved, problems = read_moved(config.keys, self.known_keys() if config.keys else {})
        for problem in problems:
            self.say(f"config.toml: {problem}", "error")
        self.moved_keys = {name: config.keys[name] for name in moved}
        self.set_keymap({**moved})

    def open_next(self, target: Path) -> None:
        """Leave for another folder."""
        self.next_target = target
        self.exit()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add what draws with plain signs, where that is wanted."""
        return [*super().get_line_filters(), *self._signs]

    def _tell_terminal(self, text: str) -> None:
        if self._driver is not None:
            self._driver.write(text)

    def toggle_mouse(self) -> None:
        """Leave the mouse to the terminal, or take it back."""
        if self._driver is None:
            return
        self._has_mouse = not self._has_mouse
        report_mouse(self._driver, is_wanted=self._has_mouse)
        free = "the terminal has the mouse and selects text; M takes it back"
        self.say("the mouse works here again" if self._has_mouse else free)

    @on(AppBlur)
    def go_slower(self) -> None:
        self.clock.is_away = True

    @on(AppFocus)
    def go_faster(self) -> None:
        self.clock.is_away = False
        self.clock.wake()

    def action_help_quit(self) -> None:
        """Hint at the first ctrl+c, leave at the second; what is selected is copied instead."""
        focused = self.focused
        is_chosen = isinstance(focused, HoldsText) and focused.selected_text
        if is_chosen or self.screen.get_selected_text():
            raise SkipAction
        now = time.monotonic()
        if now - self._interrupted_at < TWICE:
            self.exit()
        self._interrupted_at = now
        self.say("q leaves and runs go on; ctrl+c again leaves too")
