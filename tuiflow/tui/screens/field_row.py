"""One field of the start form: its name, a place to type, its type, and what is wrong with it."""

from dataclasses import dataclass, replace
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Select, Static, TextArea

from tuiflow.service.filling import FieldPath, Filled
from tuiflow.service.input_fields import FieldKind, FormField
from tuiflow.service.input_values import choice_text, problem_with
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.path_names import PathNames
from tuiflow.tui.screens.yes_no import YesNo
from tuiflow.tui.theme import MUTED
from tuiflow.tui.widgets.text_box import LineBox, TextBox

NAME_CELLS = 22
_NEEDED = "needed: "
_IN_A_LINE = frozenset(
    {
        FieldKind.INTEGER,
        FieldKind.NUMBER,
        FieldKind.DECIMAL,
        FieldKind.DATE,
        FieldKind.DATETIME,
        FieldKind.PATH,
        FieldKind.BOOLEAN,
    }
)


class FieldRow(Vertical):
    """Shows a field and holds what was typed; says by itself what does not fit."""

    @dataclass
    class Changed(Message):
        """Something else stands in the field."""

        row: "FieldRow"

    def __init__(self, filled: Filled, path: FieldPath, folder: Path) -> None:
        super().__init__(classes="field")
        self.path = path
        self._filled = filled
        self._box = _box_for(filled, folder)
        self._note = Static(markup=False, classes="note")

    def compose(self) -> ComposeResult:
        field = self._filled.field
        indent = "  " * (len(self.path) - 1)
        name = Content.assemble(
            (safe_line(indent + field.name, NAME_CELLS - 3), "bold"),
            (" *" if field.is_required and not field.is_nullable else "", "$warning"),
        )
        with Horizontal(classes="line"):
            yield Static(name, classes="name")
            yield self._box
            yield Static(Content.styled(safe_line(field.hint, 20), MUTED), classes="hint")
        yield self._note

    def on_mount(self) -> None:
        self.show_problem("")

    @property
    def filled(self) -> Filled:
        """The field with what stands in it now."""
        return replace(self._filled, text=self._typed)

    @property
    def _typed(self) -> str:
        field = self._filled.field
        match self._box:
            case TextBox() | LineBox() as box:
                return box.typed
            case YesNo() as box:
                return "yes" if box.value else "no"
            case Select() as choices:
                at = choices.value
                return _choices(field)[at] if isinstance(at, int) else ""
            case _:
                return ""

    def focus_field(self) -> None:
        """Go to the field, and choose what stands in it: typing replaces it."""
        if not self.is_attached:
            return  # the form has been filled anew meanwhile, or closed
        self.screen.set_focus(self._box)
        if isinstance(self._box, TextBox):
            self._box.select_all()

    def show_problem(self, problem: str) -> None:
        """Put the problem under the field; without one, what is held or what the field is for."""
        self.set_class(bool(problem), "-wrong")
        held = self._box.held_words if isinstance(self._box, TextBox) else ""
        text = safe_line(problem or held or self._filled.field.description, 300)
        self._note.update(Content.styled(text, "$error" if problem else MUTED))
        self._note.display = bool(text)

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Select.Changed)
    @on(YesNo.Changed)
    def check(self) -> None:
        self.show_problem(problem_with(self._filled.field, self._typed))
        self.post_message(self.Changed(self))


def _box_for(filled: Filled, folder: Path) -> Widget:
    field, text = filled.field, filled.text
    match field.kind:
        case FieldKind.BOOLEAN if not field.is_nullable and (text or not field.is_required):
            return YesNo(value=text == "yes")
        case FieldKind.BOOLEAN | FieldKind.CHOICE:
            return _select(field, text)
        case FieldKind.PATH if "\n" not in text:
            return LineBox(text, compact=True, suggester=PathNames(folder))
        case _ if field.is_secret or field.kind in _IN_A_LINE:
            return LineBox(text, compact=True, password=field.is_secret)
        case _:
            return TextBox(text)


def _select(field: FormField, text: str) -> Widget:
    choices = _choices(field)
    options = [(Content(safe_line(choice, 60)), at) for at, choice in enumerate(choices)]
    has_value = text in choices
    at = choices.index(text) if has_value else Select.NULL
    may_be_blank = not has_value or field.is_nullable or not field.is_required
    return Select(options, value=at, allow_blank=may_be_blank, compact=True, prompt="choose")


def _choices(field: FormField) -> list[str]:
    if field.kind is FieldKind.BOOLEAN:
        return ["yes", "no"]
    return [choice_text(field, choice) for choice in field.choices]
