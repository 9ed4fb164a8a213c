"""Places to type: a text of any length, and one line; what is pasted cannot reach the terminal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widgets import Input, TextArea

from tuiflow.tui.format import size
from tuiflow.tui.safe_text import safe_text

LONG = 20_000  # characters; Textual needs seconds for each key in a longer one
_MOST_LINES = 400
_PREVIEW = 300  # characters


@dataclass
class LinesPasted(Message):
    """Several lines came at once to a place that wants to be told of that."""

    text: str


class TextBox(TextArea):
    """Text of several lines; a very long one is held whole and only its beginning shown."""

    tells_of_lines = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+o,shift+enter",
            "new_line",
            "New line",
            id="start.new_line",
            tooltip="A new line in the text.",
        ),
    ]

    def __init__(self, text: str) -> None:
        super().__init__(compact=True, highlight_cursor_line=False, max_checkpoints=30)
        self._held: str | None = None
        self.typed = text

    @property
    def typed(self) -> str:
        """The whole text."""
        return self.text if self._held is None else self._held

    @typed.setter
    def typed(self, text: str) -> None:
        is_long = len(text) > LONG or text.count("\n") > _MOST_LINES
        self._held = text if is_long else None
        self.read_only = is_long
        self.text = _preview(text) if is_long else text

    @property
    def held_words(self) -> str:
        """What is held and not shown, in words; empty where all is shown."""
        if self._held is None:
            return ""
        lines = self._held.count("\n") + 1
        big = size(len(self._held.encode("utf-8", "replace")))
        return f"{big} in {lines:,} line{'' if lines == 1 else 's'}; backspace empties it"

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if self.tells_of_lines and _has_lines(event.text):
            self.post_message(LinesPasted(event.text))
            return
        start, end = sorted(self.selection)
        before = self.get_text_range((0, 0), start)
        after = self.get_text_range(end, self.document.end)
        pasted = event.text.replace("\r\n", "\n").replace("\r", "\n")
        if self._held is not None:
            self.typed = self._held + pasted
        elif len(before) + len(pasted) > LONG or pasted.count("\n") > _MOST_LINES:
            self.typed = before + pasted + after
        elif result := self._replace_via_keyboard(pasted, start, end):
            self.move_cursor(result.end_location)

    def on_blur(self) -> None:
        # What is chosen in a box that is left would look as if one were in it.
        self.move_cursor(self.cursor_location)

    def action_new_line(self) -> None:
        self._replace_via_keyboard("\n", *self.selection)

    # A text that is not shown can only be taken away whole.

    def action_delete_left(self) -> None:
        self._empty_or(super().action_delete_left)

    def action_delete_right(self) -> None:
        self._empty_or(super().action_delete_right)

    def action_delete_to_start_of_line(self) -> None:
        self._empty_or(super().action_delete_to_start_of_line)

    def _empty_or(self, edit: Callable[[], None]) -> None:
        if self._held is None:
            edit()
        else:
            self.typed = ""

    def render_line(self, y: int) -> Strip:
        return _harmless(super().render_line(y))


class LineBox(Input):
    """One line; of several that are pasted one is made, and nothing of them is lost."""

    tells_of_lines = False
    # It stays as wide as it is: with Textual's own each key lays the whole form out.
    virtual_size = Reactive(Size(0, 0), layout=False)

    @property
    def typed(self) -> str:
        """The whole text."""
        return self.value

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if self.tells_of_lines and _has_lines(event.text):
            self.post_message(LinesPasted(event.text))
        else:
            self.replace(" ".join(event.text.splitlines()), *sorted(self.selection))

    def render_line(self, y: int) -> Strip:
        return _harmless(super().render_line(y))


def _has_lines(text: str) -> bool:
    return "\n" in text.strip().replace("\r", "\n")


def _harmless(strip: Strip) -> Strip:
    """Show each control as one cell: the text itself must stay what it is."""
    if all(safe_text(segment.text) == segment.text for segment in strip):
        return strip
    return Strip([Segment(_one_for_one(text), style) for text, style, _ in strip]).crop(
        0, strip.cell_length
    )


def _one_for_one(text: str) -> str:
    return "".join(char if safe_text(char) == char else "�" for char in text)


def _preview(text: str) -> str:
    shown = text[:_PREVIEW]
    return "\n".join(shown.split("\n")[:3]) + " …"
