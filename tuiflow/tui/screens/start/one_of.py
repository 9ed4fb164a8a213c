"""A line of names of which one is chosen, in letters that every terminal can show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

_GAP = "   "


class OneOf(Widget, can_focus=True):
    """`(∙) this   ( ) that`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", "Next", id="start.next_source", tooltip="The next one."),
        Binding("left", "turn(-1)", "Last", id="start.last_source", tooltip="The one before."),
    ]

    at: reactive[int] = reactive(0)
    names: reactive[Sequence[str]] = reactive[Sequence[str]](())

    @dataclass
    class Changed(Message):
        """Another one was chosen."""

        at: int

    def __init__(self, label: str, names: Sequence[str], at: int = 0) -> None:
        super().__init__()
        self._label = label
        self.set_reactive(OneOf.names, names)
        self.set_reactive(OneOf.at, at)

    def render(self) -> Content:
        parts: list[tuple[str, str] | str] = [(self._label + "  ", "bold")]
        for at, name in enumerate(self.names):
            is_chosen = at == self.at
            parts += [("(∙) " if is_chosen else "( ) ", "bold $primary"), name, _GAP]
        return Content.assemble(*parts)

    def action_turn(self, step: int) -> None:
        self._choose((self.at + step) % len(self.names))

    def on_click(self, event: Click) -> None:
        event.stop()
        x = event.get_content_offset_capture(self).x - len(self._label) - 2
        for at, name in enumerate(self.names):
            width = len("( ) " + name + _GAP)
            if 0 <= x < width:
                self._choose(at)
            x -= width

    def _choose(self, at: int) -> None:
        if at != self.at:
            self.at = at
            self.post_message(self.Changed(at))
