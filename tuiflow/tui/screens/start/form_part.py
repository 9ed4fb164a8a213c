"""What a form is made of: parts that can be read, with places in them that are gone to."""

from collections.abc import Iterator

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tuiflow.service.filling import FieldPath, Filled
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.theme import MUTED

NAME_CELLS = 22
Found = tuple["Place", FieldPath]
"""A place, and what of the way to it leads on inside of its text."""


class Edited(Message):
    """Something else stands in the form."""


class FormPart(Vertical):
    """Shows a field and holds what was typed."""

    @property
    def filled(self) -> Filled:
        """The field with what stands in it now."""
        raise NotImplementedError

    def places(self) -> Iterator["Place"]:
        """Yield where one can type, from top to bottom."""
        raise NotImplementedError

    def find(self, path: FieldPath) -> "Found | None":
        """Find the place of a value, or the one it is inside of."""
        raise NotImplementedError


class Place(FormPart):
    """Somewhere a value is typed, with a line under it."""

    def focus_field(self) -> None:
        """Go there."""
        raise NotImplementedError

    def go_on_typing(self) -> None:
        """Go there, behind what stands there."""
        self.focus_field()

    def show_problem(self, problem: str) -> None:
        """Say what is wrong; without a problem, what the field is for."""
        raise NotImplementedError

    @property
    def text(self) -> str | None:
        """What is typed, where it can be written as a text."""
        return None

    def put(self, text: str) -> None:
        """Have another text stand there."""


class Note(Static):
    """The line under a field; nothing is laid out again while it says the same."""

    def __init__(self) -> None:
        super().__init__(markup=False, classes="note")
        self._said: tuple[str, bool] | None = None

    def say(self, problem: str, about: str = "") -> None:
        """Say a problem, else what the field is about; without either, take no room."""
        said = (safe_line(f"✗ {problem}" if problem else about, 300), bool(problem))
        if said != self._said:
            self._said = said
            self.update(Content.styled(said[0], "$error" if problem else MUTED))
            self.display = bool(said[0])


def field_name(filled: Filled, depth: int, style: str = "bold") -> Static:
    """Write a field's name, with a star where something has to be given."""
    field = filled.field
    name = safe_line("  " * depth + field.name, NAME_CELLS - 3)
    star = " *" if field.is_required and not field.is_nullable else ""
    return Static(Content.assemble((name, style), (star, "$warning")), classes="name")
