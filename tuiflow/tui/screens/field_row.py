"""One field of the start form: its name, a place to type, its type, and what is wrong with it."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Select, Static

from tuiflow.service.input_fields import FieldKind, FormField
from tuiflow.service.input_values import choice_text, default_text, problem_with
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.yes_no import YesNo
from tuiflow.tui.theme import MUTED

_LONGEST_TEXT = 200_000  # characters


class FieldRow(Vertical):
    """Shows a field and holds what was typed; says by itself what does not fit."""

    @dataclass
    class Submitted(Message):
        """Enter was pressed in the field."""

        row: "FieldRow"

    def __init__(self, field: FormField) -> None:
        super().__init__(classes="field")
        self.form_field = field
        self._input = _widget_for(field)
        self._note = Static(markup=False, classes="note")

    def compose(self) -> ComposeResult:
        field = self.form_field
        name = Content.assemble(
            (safe_line(field.name, 24), "bold"), (" *" if field.is_required else "", "$warning")
        )
        with Horizontal(classes="line"):
            yield Static(name, classes="name")
            yield self._input
            yield Static(Content.styled(safe_line(field.hint, 30), MUTED), classes="hint")
        yield self._note

    def on_mount(self) -> None:
        self.show_problem("")

    @property
    def typed(self) -> str:
        """What stands in the field, as text."""
        match self._input:
            case Input() as box:
                return box.value
            case YesNo() as box:
                return "true" if box.value else "false"
            case Select() as choices:
                at = choices.value
                return choice_text(self.form_field.choices[at]) if isinstance(at, int) else ""
            case _:
                return ""

    def problem(self, *, is_final: bool = False) -> str:
        """Say what is wrong; an empty field is wrong only at the end."""
        field = self.form_field
        is_empty = not self.typed.strip()
        if is_final and is_empty and field.is_required and field.kind is not FieldKind.TEXT:
            return f"needed: {field.hint}"
        return problem_with(field, self.typed)

    def focus_field(self) -> None:
        self.screen.set_focus(self._input)

    def show_problem(self, problem: str) -> None:
        """Put the problem under the field; without one, what the field is for."""
        self.set_class(bool(problem), "-wrong")
        text = safe_line(problem or self.form_field.description, 300)
        self._note.update(Content.styled(text, "$error" if problem else MUTED))
        self._note.display = bool(text)

    @on(Input.Changed)
    def check(self) -> None:
        self.show_problem(self.problem())

    @on(Input.Submitted)
    @on(YesNo.Submitted)
    def submit(self, event: Input.Submitted | YesNo.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(self))


def _widget_for(field: FormField) -> Widget:
    match field.kind:
        case FieldKind.BOOLEAN if not field.is_nullable:
            return YesNo(value=field.default is True)
        case FieldKind.CHOICE:
            options = [
                (Content(safe_line(choice_text(choice), 60)), at)
                for at, choice in enumerate(field.choices)
            ]
            has_default = field.default in field.choices and field.default is not None
            at = field.choices.index(field.default) if has_default else Select.NULL
            return Select(options, value=at, allow_blank=not has_default, compact=True)
        case _:
            default = default_text(field)[:_LONGEST_TEXT]
            return Input(value=default, compact=True)
