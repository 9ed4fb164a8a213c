"""A box to tick, in letters that every terminal and every colour can show."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class YesNo(Widget, can_focus=True):
    """`[x] yes` or `[ ] no`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "tick", "Tick", id="start.toggle", tooltip="Yes, or no."),
    ]

    value: reactive[bool] = reactive(default=False)

    @dataclass
    class Changed(Message):
        """It was ticked, or no longer is."""

        box: "YesNo"

    def __init__(self, *, value: bool) -> None:
        super().__init__()
        self.set_reactive(YesNo.value, value)

    def render(self) -> Content:
        return Content.assemble(
            ("[x]" if self.value else "[ ]", "bold $primary"), " yes" if self.value else " no"
        )

    def on_click(self, event: Click) -> None:
        event.stop()
        self.action_tick()

    def action_tick(self) -> None:
        self.value = not self.value
        self.post_message(self.Changed(self))
