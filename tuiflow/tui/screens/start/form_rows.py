"""The rows of a form: fields one under the other, sections of them, and lists of either."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from tuiflow.service.filling import FieldPath, Filled
from tuiflow.service.input_fields import FieldKind
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.start.field_box import FieldBox
from tuiflow.tui.screens.start.field_list import FieldList
from tuiflow.tui.screens.start.form_part import (
    Edited,
    FormPart,
    Found,
    Place,
    field_name,
)
from tuiflow.tui.screens.start.yes_no import YesNo
from tuiflow.tui.theme import MUTED

Spot = tuple[str, int]


class FormRows(Vertical):
    """A filled form; what stands in it can be read at any time."""

    def __init__(self, filled: Sequence[Filled], folder: Path, depth: int = 0) -> None:
        self._folder, self._depth = folder, depth
        self._rows = {each.field.name: self._row_for(each) for each in filled}
        super().__init__(*self._rows.values(), classes="rows")

    @property
    def filled(self) -> tuple[Filled, ...]:
        """The fields with what stands in them now."""
        return tuple(row.filled for row in self._rows.values())

    def places(self) -> Iterator[Place]:
        """Yield where one can type, from top to bottom."""
        for row in self._rows.values():
            yield from row.places()

    def find(self, path: FieldPath) -> Found | None:
        """Find the place of a value, or the one it is inside of."""
        row = self._rows.get(path[0]) if path else None
        return row.find(path[1:]) if row is not None else None

    def spot_of(self, place: Place | None) -> Spot | None:
        """Say where a place is: in which row, and which of its places."""
        for name, row in self._rows.items():
            if place in (places := list(row.places())):
                return name, places.index(place)
        return None

    def place_at(self, spot: Spot) -> Place | None:
        """Find the place that is there, if any is."""
        row = self._rows.get(spot[0])
        return next(islice(row.places(), spot[1], None), None) if row is not None else None

    @on(FieldList.Refilled)
    async def show_anew(self, event: FieldList.Refilled) -> None:
        """Put a list that was filled from a text in the place of what it was."""
        event.stop()
        name = event.filled.field.name
        row = self._rows[name] = self._row_for(event.filled)
        await self.mount(row, after=event.part)
        await event.part.remove()
        *_, last = row.places()
        last.focus_field()
        self.post_message(Edited())

    def _row_for(self, filled: Filled) -> FormPart:
        match filled.field.kind:
            case FieldKind.SECTION:
                return FieldSection(filled, self._folder, self._depth)
            case FieldKind.LIST if not filled.text:
                name = field_name(filled, self._depth)
                return FieldList(filled, name, self._row_of_list)
            case _:
                return FieldRow(filled, self._folder, self._depth)

    def _row_of_list(self, filled: Filled) -> FormPart:
        if filled.field.kind is FieldKind.SECTION:
            return FieldSection(filled, self._folder)
        return FieldBox(filled, self._folder, is_row=True)


class FieldRow(FormPart):
    """A field in a row: its name, and a place to type."""

    def __init__(self, filled: Filled, folder: Path, depth: int) -> None:
        super().__init__(classes="field")
        self._label = field_name(filled, depth)
        self._box = FieldBox(filled, folder)

    def compose(self) -> ComposeResult:
        yield self._label
        yield self._box

    @property
    def filled(self) -> Filled:
        return self._box.filled

    def places(self) -> Iterator[Place]:
        yield self._box

    def find(self, path: FieldPath) -> Found:
        return self._box, path


class FieldSection(FormPart):
    """Fields that belong together; under their name, which those in a row of a list need not have.

    One that may be left out has a box to tick.
    """

    def __init__(self, filled: Filled, folder: Path, depth: int | None = None) -> None:
        super().__init__(classes="section")
        self._filled = filled
        self._depth = depth
        may_be_absent = depth is not None and filled.field.may_be_absent
        self._box = YesNo(value=filled.is_given) if may_be_absent else None
        self._inner = FormRows(filled.parts, folder, 0 if depth is None else depth + 1)

    @property
    def filled(self) -> Filled:
        is_given = self._box is None or self._box.value
        return replace(self._filled, parts=self._inner.filled, is_given=is_given)

    def places(self) -> Iterator[Place]:
        return self._inner.places()

    def find(self, path: FieldPath) -> Found | None:
        return self._inner.find(path)

    def compose(self) -> ComposeResult:
        if self._depth is not None:
            field = self._filled.field
            with Horizontal(classes="line"):
                yield field_name(self._filled, self._depth, "bold $primary")
                if self._box is not None:
                    yield self._box
                words = safe_line(field.description.partition("\n")[0] or field.hint, 60)
                yield Static(Content.styled(words, MUTED), classes="about")
        yield self._inner

    def on_mount(self) -> None:
        self._show_or_hide()

    @on(YesNo.Changed)
    def give_or_leave_out(self, event: YesNo.Changed) -> None:
        if event.box is self._box:
            self._show_or_hide()
            self.post_message(Edited())

    def _show_or_hide(self) -> None:
        self._inner.display = self._box is None or self._box.value
