"""What every full page looks like: a header, a body, a notice line, and the keys that work."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import DescendantFocus, Resize
from textual.widget import Widget
from textual.widgets import Input

from tuiflow.tui.bars import BarLine, KeysLine, NoticeLine
from tuiflow.tui.keymap import PAGE_KEYS
from tuiflow.tui.screens.app_screen import AppScreen
from tuiflow.tui.screens.too_small import TooSmall


class Frame(AppScreen[None]):
    """A full page without anything in it yet."""

    BINDINGS: ClassVar[list[BindingType]] = [*PAGE_KEYS]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's own attribute
        (0, "-too-narrow"),
        (60, "-narrow"),
        (110, "-medium"),
        (150, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (16, "-low"), (36, "-high")]  # noqa: RUF012 - as above
    KEYS_LINE: ClassVar[Sequence[str]] = ()

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self.header = BarLine(id="header")
        self.notice_line = NoticeLine()
        self._had_focus: Widget | None = None
        self.is_behind = True
        """It has not looked yet: for it, everything is news."""

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

    @property
    def is_ticking(self) -> bool:
        """Something here counts on by itself, news or not."""
        return False

    async def pull(self, *, has_news: bool) -> bool:
        """Look for news once, at each beat of the clock; say whether there was any."""
        return has_news

    def show_notice(self) -> None:
        """Show the newest notice."""
        if (latest := self.tuiflow.notices.latest) is not None:
            self.notice_line.show(latest.line())

    def why_not(self, action: str) -> str:
        """Say why a key does nothing just now; nothing when it works."""
        return ""

    def action_help(self) -> None:
        """Show the keys that work here, where there are any."""

    def action_command(self) -> None:
        """Say a command, where there is something to say it to."""

    def action_palette(self) -> None:
        """Choose a command, as above."""

    def action_mouse(self) -> None:
        """Leave the mouse to the terminal, or take it back."""
        self.tuiflow.toggle_mouse()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Where text is typed, a colon is text."""
        return not (action == "command" and isinstance(self.focused, Input))

    def action_reload(self) -> None:
        """Look at the workflow files again, where there are any."""

    def action_step_out(self) -> None:
        """One step out, where there is one."""

    def action_leave(self) -> None:
        self.dismiss()
