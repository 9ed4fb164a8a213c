"""A field whose value is one of some."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Select

from tuiflow.tui.safe_text import safe_line


class Choices(Select[int], inherit_bindings=False):
    """Gives the place of what is chosen; `enter` is left to the form until the list is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space,down,up", "show_overlay", "Open", id="start.choose", tooltip="Open the choices."
        ),
    ]

    def __init__(self, choices: list[str], at: int | None, *, blank: str = "") -> None:
        super().__init__(
            [(Content(safe_line(choice, 60)), place) for place, choice in enumerate(choices)],
            value=Select.NULL if at is None else at,
            allow_blank=bool(blank),
            compact=True,
            prompt=blank or "choose",
        )

    @property
    def at(self) -> int | None:
        """The place of what is chosen; None where nothing is."""
        return self.value if isinstance(self.value, int) else None
