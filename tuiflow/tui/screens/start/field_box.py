"""A place to type one value, with what is wrong with it on the line below."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Select, Static, TextArea

from tuiflow.service.filling import FieldPath, Filled
from tuiflow.service.input_fields import FieldKind, FormField
from tuiflow.service.input_values import choice_text, problem_with
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.start.choices import Choices
from tuiflow.tui.screens.start.form_part import Edited, Found, Note, Place
from tuiflow.tui.screens.start.path_names import PathNames
from tuiflow.tui.screens.start.yes_no import YesNo
from tuiflow.tui.theme import MUTED
from tuiflow.tui.widgets.text_box import LineBox, TextBox

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


class FieldBox(Place):
    """Says by itself what does not fit."""

    def __init__(self, filled: Filled, folder: Path, *, is_row: bool = False) -> None:
        super().__init__(classes="box")
        self._filled = filled
        self._box = _box_for(filled, folder)
        if isinstance(self._box, TextBox | LineBox):
            self._box.tells_of_lines = is_row
        self._is_row = is_row
        self._note = Note()

    def compose(self) -> ComposeResult:
        with Horizontal(classes="line"):
            yield self._box
            if not self._is_row:
                is_choice = isinstance(self._box, Choices)
                hint = "choice · space" if is_choice else safe_line(self._filled.field.hint, 20)
                yield Static(Content.styled(hint, MUTED), classes="hint")
        yield self._note

    def on_mount(self) -> None:
        self.show_problem("")

    @property
    def filled(self) -> Filled:
        return replace(self._filled, text=self._typed)

    @property
    def _typed(self) -> str:
        match self._box:
            case TextBox() | LineBox() as box:
                return box.typed
            case YesNo() as box:
                return "yes" if box.value else "no"
            case Choices() as box:
                return "" if box.at is None else _choices(self._filled.field)[box.at]
            case _:
                return ""

    def places(self) -> Iterator[Place]:
        yield self

    def find(self, path: FieldPath) -> Found:
        return self, path

    def focus_field(self) -> None:
        """Go to the field, and choose what stands in it: typing replaces it."""
        if not self.is_attached:
            return  # the form has been filled anew meanwhile, or closed
        self.screen.set_focus(self._box)
        if isinstance(self._box, TextBox):
            self._box.select_all()

    def go_on_typing(self) -> None:
        if isinstance(self._box, LineBox):
            self._box.select_on_focus = False
        self.screen.set_focus(self._box)
        if isinstance(self._box, TextBox):
            self._box.move_cursor(self._box.document.end)

    def show_problem(self, problem: str) -> None:
        self.set_class(bool(problem), "-wrong")
        held = self._box.held_words if isinstance(self._box, TextBox) else ""
        self._note.say(problem, held or self._filled.field.description)

    @property
    def text(self) -> str | None:
        return self._typed if isinstance(self._box, TextBox | LineBox) else None

    def put(self, text: str) -> None:
        match self._box:
            case TextBox() as box:
                box.typed = text
            case LineBox() as box:
                box.value = " ".join(text.splitlines())
            case _:
                pass

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Select.Changed)
    @on(YesNo.Changed)
    def check(self) -> None:
        self.show_problem(problem_with(self._filled.field, self._typed))
        self.post_message(Edited())


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


def _select(field: FormField, text: str) -> Choices:
    choices = _choices(field)
    at = choices.index(text) if text in choices else None
    must = field.is_required and not field.is_nullable
    blank = "choose" if must else "none" if field.is_nullable else "default"
    return Choices(choices, at, blank=blank if at is None or not must else "")


def _choices(field: FormField) -> list[str]:
    if field.kind is FieldKind.BOOLEAN:
        return ["yes", "no"]
    return [choice_text(field, choice) for choice in field.choices]
