"""One value of a list in the form, and the line below them where one more begins."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click, Key, Paste
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tuiflow.service.input_fields import FormField
from tuiflow.tui.keymap import key_name
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.start.form_part import FormPart
from tuiflow.tui.theme import FAINT, MUTED


class ListRow(Vertical):
    """A value with its number before it, and a sign behind it that takes it out."""

    @dataclass
    class TakenOut(Message):
        """Its sign was clicked."""

        row: "ListRow"

    number: reactive[int] = reactive(0)

    def __init__(self, part: FormPart) -> None:
        super().__init__(classes="item")
        self.part = part
        self._number = Static(markup=False, classes="number")

    def compose(self) -> ComposeResult:
        yield self._number
        yield self.part
        yield _Minus(Content.styled("-", FAINT), classes="minus")

    def watch_number(self) -> None:
        self._number.update(Content.styled(f"{self.number}", MUTED), layout=False)


class _Minus(Static):
    def on_click(self, event: Click) -> None:
        event.stop()
        if isinstance(self.parent, ListRow):
            self.post_message(ListRow.TakenOut(self.parent))


class MoreLine(Widget, can_focus=True):
    """`+`: what is typed here begins one more row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "begin", "One more", id="start.begin", tooltip="Begin one more row."),
    ]

    @dataclass
    class Wanted(Message):
        """One more row, with this in it."""

        text: str

    names_keys: reactive[bool] = reactive(default=False)

    def __init__(self, field: FormField) -> None:
        super().__init__(classes="more")
        self._is_written = field.is_written
        kind = field.item.hint if field.item is not None else ""
        self._words = f"one more {safe_line(kind, 20)}"

    def render(self) -> Content:
        keys = ""
        if self.names_keys:
            add = key_name(self, "start.add", "ctrl+n")
            out = key_name(self, "start.take_out", "ctrl+t")
            keys = f"   {add} · {out} takes one out"
        return Content.assemble(("+", "bold $primary"), f"  {self._words}", (keys, MUTED))

    def on_key(self, event: Key) -> None:
        if self._is_written and event.is_printable and event.character not in {None, " "}:
            event.stop()
            event.prevent_default()
            self.post_message(self.Wanted(event.character or ""))

    def on_paste(self, event: Paste) -> None:
        event.stop()
        if self._is_written:
            self.post_message(self.Wanted(event.text.strip()))

    def on_click(self, event: Click) -> None:
        event.stop()
        self.action_begin()

    def action_begin(self) -> None:
        self.post_message(self.Wanted(""))
