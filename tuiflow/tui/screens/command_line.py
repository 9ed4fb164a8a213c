"""The line behind `:` and the list behind ctrl+p: both over the same commands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tuiflow.errors import InputError
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.command import Command, completions, matching, read_line
from tuiflow.tui.screens.dialog import Dialog
from tuiflow.tui.theme import MUTED
from tuiflow.tui.widgets.text_box import LineBox

if TYPE_CHECKING:
    from tuiflow.tui.screens.page import Page

Said = tuple[Command, Sequence[str]]
_GAP = 2  # cells
_MOST_OFFERS = 200


class CommandScreen(Dialog[Said | None]):
    """Gives the command that was said; a line it cannot read stays, with the reason under it."""

    CSS_PATH = "command_line.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "close",
            "Close",
            id="command.close",
            tooltip="Close; nothing is done.",
            priority=True,
        ),
        Binding(
            "enter", "say", "Do it", id="command.say", tooltip="Do what stands here.", priority=True
        ),
        Binding(
            "tab",
            "complete",
            "Complete",
            id="command.complete",
            tooltip="Take the offer that is marked.",
            priority=True,
        ),
        Binding(
            "down",
            "move(1)",
            "Down",
            id="command.down",
            tooltip="The next offer.",
            priority=True,
        ),
        Binding(
            "up", "move(-1)", "Up", id="command.up", tooltip="The offer before.", priority=True
        ),
    ]

    def __init__(self, commands: Sequence[Command], page: "Page", *, is_palette: bool) -> None:
        super().__init__(classes="-palette" if is_palette else None)
        self._commands = commands
        self._page = page
        self._is_palette = is_palette
        self._line = LineBox(placeholder="a command", compact=True, id="line")
        self._offers = OptionList(id="offers", compact=True, markup=False)
        self._told = Static(markup=False, id="told")
        self._lines: list[str] = []
        self._usage_cells = max(len(it.usage) for it in commands) + _GAP

    def compose(self) -> ComposeResult:
        with Vertical(id="commands") as box:
            box.border_title = "Commands" if self._is_palette else ":"
            box.border_subtitle = "tab completes   enter does it   esc closes"
            yield self._line
            yield self._told
            yield self._offers

    def on_mount(self) -> None:
        self._offers.can_focus = False
        self._offer("")
        self._line.focus()

    @on(Input.Changed)
    def offer_again(self, event: Input.Changed) -> None:
        self._told.update("")
        self._offer(event.value)

    @on(OptionList.OptionSelected)
    def take_clicked(self) -> None:
        self._take_or_say()

    def _offer(self, line: str) -> None:
        found = matching(self._commands, line, by_text=self._is_palette)
        is_one = " " in line and len(found) == 1
        lines = completions(found[0], self._page, line) if is_one else []
        self._offers.clear_options()
        if lines:
            self._lines = lines[:_MOST_OFFERS]
            self._offers.add_options([Option(Content(safe_line(it, 100))) for it in self._lines])
        else:
            self._lines = [f"{it.name} " if it.takes else it.name for it in found]
            self._offers.add_options([Option(self._row(it)) for it in found])
        self._offers.highlighted = 0 if self._lines else None

    @property
    def _marked(self) -> str:
        at = self._offers.highlighted
        return self._lines[at] if at is not None else ""

    def action_move(self, step: int) -> None:
        if self._lines:
            at = self._offers.highlighted or 0
            self._offers.highlighted = (at + step) % len(self._lines)

    def action_complete(self) -> None:
        if self._marked:
            self._line.value = self._marked
            self._line.cursor_position = len(self._marked)

    def action_say(self) -> None:
        if self._is_palette and " " not in self._line.value:
            self._take_or_say()
        else:
            self._say(self._line.value)

    def _take_or_say(self) -> None:
        marked = self._marked
        needs = [it for it in self._commands if it.needs_words and f"{it.name} " == marked]
        if needs:
            # What follows is still to be typed, as it would be after the colon.
            self._is_palette = False
            self.action_complete()
        else:
            self._say(marked or self._line.value)

    def _say(self, line: str) -> None:
        if not line.strip():
            self.dismiss(None)
            return
        try:
            self.dismiss(read_line(self._commands, line))
        except InputError as error:
            self._told.update(Content.styled(safe_line(str(error), 200), "$error"))

    def action_close(self) -> None:
        self.dismiss(None)

    def _row(self, command: Command) -> Content:
        takes = f"{command.takes:<{self._usage_cells - len(command.name) - 1}}"
        return Content.assemble(command.name, (f" {takes}{command.text}", MUTED))
