"""What every full page has: a header, a notice line, the keys that work, and a part in the beat."""

from collections.abc import Awaitable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import DescendantFocus, Resize
from textual.screen import Screen
from textual.widget import Widget

from tuiflow.errors import TuiflowError
from tuiflow.service import Service
from tuiflow.tui.bars import BarLine, KeysLine
from tuiflow.tui.keymap import PAGE_KEYS
from tuiflow.tui.notices import Tone
from tuiflow.tui.screens.help import HelpScreen
from tuiflow.tui.screens.too_small import TooSmall

if TYPE_CHECKING:
    from tuiflow.tui.app import TuiflowApp

T = TypeVar("T")


class Page(Screen[None]):
    """A full page over the service; `pull` is called at every beat of the clock."""

    BINDINGS: ClassVar[list[BindingType]] = [*PAGE_KEYS]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's own attribute
        (0, "-too-narrow"),
        (60, "-narrow"),
        (110, "-medium"),
        (150, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (16, "-low"), (36, "-high")]  # noqa: RUF012 - as above
    KEYS_LINE: ClassVar[Sequence[str]] = ()

    def __init__(self, service: Service) -> None:
        super().__init__()
        self.service = service
        self.header = BarLine(id="header")
        self.notice_line = BarLine(id="notice")
        self._had_focus: Widget | None = None
        self.is_behind = True
        """It has not looked yet: for it, everything is news."""

    @property
    def tuiflow(self) -> "TuiflowApp":
        """The app, as what it is."""
        return cast("TuiflowApp", self.app)

    def compose(self) -> ComposeResult:
        yield self.header
        yield from self.compose_body()
        yield self.notice_line
        yield KeysLine(self.KEYS_LINE)
        yield TooSmall()

    def compose_body(self) -> Iterable[Widget]:
        """Give the widgets between header and notice line."""
        return ()

    @on(DescendantFocus)
    def remember_focus(self, event: DescendantFocus) -> None:
        self._had_focus = event.widget

    @on(Resize)
    def restore_focus(self) -> None:
        """Give the focus back that a terminal too small for any pane has taken."""
        self.call_after_refresh(self._focus_again)

    def _focus_again(self) -> None:
        if self.focused is None and self._had_focus is not None and self._had_focus.focusable:
            self.set_focus(self._had_focus)

    async def pull(self, *, has_news: bool) -> bool:
        """Look at the service once; say whether anything was new."""
        return has_news

    def show_notice(self) -> None:
        """Show the newest notice."""
        if (latest := self.tuiflow.notices.latest) is not None:
            self.notice_line.show(latest.line())

    def say(self, text: str, tone: Tone = "done") -> None:
        """Put one line on the notice line."""
        self.tuiflow.notices.add(self.service.now(), text, tone)
        self.show_notice()

    async def attempt(self, doing: Awaitable[T]) -> T | None:
        """Do something that may be refused; a refusal is a notice and None."""
        try:
            return await doing
        except TuiflowError as error:
            self.say(str(error), "error")
            return None

    def why_not(self, action: str) -> str:
        """Say why a key does nothing just now; nothing when it works."""
        return ""

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen.of(self))

    def action_step_out(self) -> None:
        """One step out, where there is one."""

    def action_leave(self) -> None:
        self.dismiss()

    async def action_reload(self) -> None:
        self.say("looking at the workflow files again")
        await self.attempt(self.service.refresh())
        self.tuiflow.clock.wake()
