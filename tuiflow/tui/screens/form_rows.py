"""The rows of a form: fields one under the other, and sections of fields that belong together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from tuiflow.service.filling import FieldPath, Filled
from tuiflow.service.input_fields import FieldKind
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.field_row import NAME_CELLS, FieldRow
from tuiflow.tui.screens.yes_no import YesNo
from tuiflow.tui.theme import MUTED


class FormRows(Vertical):
    """A filled form; what stands in it can be read at any time."""

    def __init__(self, filled: Sequence[Filled], folder: Path, path: FieldPath = ()) -> None:
        self._rows = [_row_for(each, (*path, each.field.name), folder) for each in filled]
        super().__init__(*self._rows, classes="rows")

    @property
    def filled(self) -> tuple[Filled, ...]:
        """The fields with what stands in them now."""
        return tuple(row.filled for row in self._rows)

    def fields(self) -> Iterator[FieldRow]:
        """Yield the rows of fields, those in sections too."""
        for row in self._rows:
            if isinstance(row, FieldRow):
                yield row
            else:
                yield from row.inner.fields()

    def find(self, path: FieldPath) -> FieldRow | None:
        """Find a field's row, or that of the field it is inside of."""
        fitting = (row for row in self.fields() if row.path == path[: len(row.path)])
        return next(fitting, None)


class FieldSection(Vertical):
    """Fields that belong together, under their name; one that may be left out has a box to tick."""

    def __init__(self, filled: Filled, path: FieldPath, folder: Path) -> None:
        super().__init__(classes="section")
        self.path = path
        self._filled = filled
        self._box = YesNo(value=filled.is_given) if filled.field.may_be_absent else None
        self.inner = FormRows(filled.parts, folder, path)

    @property
    def filled(self) -> Filled:
        """The section with what stands in it now."""
        is_given = self._box is None or self._box.value
        return replace(self._filled, parts=self.inner.filled, is_given=is_given)

    def compose(self) -> ComposeResult:
        field = self._filled.field
        indent = "  " * (len(self.path) - 1)
        is_needed = field.is_required and not field.is_nullable
        with Horizontal(classes="line"):
            name = (safe_line(indent + field.name, NAME_CELLS - 3), "bold $primary")
            star = (" *" if is_needed else "", "$warning")
            yield Static(Content.assemble(name, star), classes="name")
            if self._box is not None:
                yield self._box
            words = safe_line(field.description.partition("\n")[0] or field.hint, 60)
            yield Static(Content.styled(words, MUTED), classes="about")
        yield self.inner

    def on_mount(self) -> None:
        self._show_or_hide()

    @on(YesNo.Changed)
    def give_or_leave_out(self, event: YesNo.Changed) -> None:
        if event.box is self._box:
            self._show_or_hide()

    def _show_or_hide(self) -> None:
        self.inner.display = self._box is None or self._box.value


def _row_for(filled: Filled, path: FieldPath, folder: Path) -> FieldRow | FieldSection:
    is_section = filled.field.kind is FieldKind.SECTION
    return (FieldSection if is_section else FieldRow)(filled, path, folder)
