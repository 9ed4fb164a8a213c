"""A list in the form: its values in rows, one more by a key or by typing below the last one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import DescendantBlur, DescendantFocus
from textual.message import Message
from textual.widgets import Static

from tuiflow.service.filling import (
    FieldPath,
    Filled,
    fill_list,
    given_rows,
    is_blank,
    list_lines,
    new_row,
    with_lines,
)
from tuiflow.service.input_values import FieldError, check_limits
from tuiflow.tui.screens.start.field_box import FieldBox
from tuiflow.tui.screens.start.form_part import Edited, FormPart, Found, Note, Place
from tuiflow.tui.screens.start.list_row import ListRow, MoreLine
from tuiflow.tui.widgets.text_box import LinesPasted

MakeRow = Callable[[Filled], FormPart]


class FieldList(Place):
    """Holds what was typed in its rows; one in which nothing was typed is not there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+n",
            "add",
            "One more",
            id="start.add",
            tooltip="One more value in the list, below this one.",
        ),
        Binding(
            "ctrl+t",
            "take_out",
            "Take out",
            id="start.take_out",
            tooltip="Take this value out of the list, or the last one.",
        ),
    ]

    @dataclass
    class Refilled(Message):
        """Its values were given as a text, and it is to be shown anew."""

        part: "FieldList"
        filled: Filled

    def __init__(self, filled: Filled, name: Static, make_row: MakeRow) -> None:
        super().__init__(classes="field list")
        self._filled = filled
        self._label = name
        self._make_row = make_row
        self._rows = [ListRow(make_row(row)) for row in filled.parts]
        self._more = MoreLine(filled.field)
        self._note = Note()
        self._stack = Vertical(*self._rows, self._more, self._note, classes="stack")

    def compose(self) -> ComposeResult:
        yield self._label
        yield self._stack

    def on_mount(self) -> None:
        self._renumber()
        self.show_problem("")

    @property
    def filled(self) -> Filled:
        return replace(self._filled, parts=tuple(row.part.filled for row in self._rows))

    def places(self) -> Iterator[Place]:
        for row in self._rows:
            yield from row.part.places()
        yield self

    def find(self, path: FieldPath) -> Found | None:
        # Rows with nothing in them are not counted.
        rows = [row for row in self._rows if not is_blank(row.part.filled)]
        if path and path[0].isdigit() and int(path[0]) < len(rows):
            return rows[int(path[0])].part.find(path[1:])
        return self, path

    def focus_field(self) -> None:
        """Go below the last row, where typing begins one more."""
        if self.is_attached:
            self.screen.set_focus(self._more)

    def show_problem(self, problem: str) -> None:
        self.set_class(bool(problem), "-wrong")
        self._note.say(problem, self._filled.field.description)

    @property
    def text(self) -> str | None:
        return list_lines(self.filled.parts) if self._filled.field.is_written else None

    def put(self, text: str) -> None:
        self.post_message(self.Refilled(self, fill_list(self._filled.field, text)))

    @on(Edited)
    def check(self) -> None:
        """Say when there are too few or too many rows; none is judged only at the start."""
        problem, rows = "", given_rows(self.filled.parts)
        try:
            check_limits(self._filled.field, [None for _ in rows])
        except FieldError as error:
            problem = str(error) if rows else ""
        self.show_problem(problem)

    @on(MoreLine.Wanted)
    async def begin_row(self, event: MoreLine.Wanted) -> None:
        event.stop()
        if len(event.text.splitlines()) > 1:
            self._take_lines(len(self._rows), event.text)
        else:
            await self._add(len(self._rows), event.text)

    @on(LinesPasted)
    def take_lines(self, event: LinesPasted) -> None:
        """Make a row of each line that was pasted into one."""
        event.stop()
        self._take_lines(self._at() + 1, event.text)

    @on(ListRow.TakenOut)
    async def take_clicked(self, event: ListRow.TakenOut) -> None:
        event.stop()
        if event.row in self._rows:  # and was not clicked twice
            await self._take_out(self._rows.index(event.row))

    @on(DescendantFocus)
    @on(DescendantBlur)
    def name_keys(self) -> None:
        self._more.names_keys = self.has_focus_within

    async def action_add(self) -> None:
        await self._add(self._at() + 1)

    async def action_take_out(self) -> None:
        if self._rows:
            await self._take_out(min(self._at(), len(self._rows) - 1))

    def _at(self) -> int:
        """Say in which row one is, or behind the last one."""
        focused = self.screen.focused
        ways = set(focused.ancestors_with_self) if focused is not None else set()
        return next((at for at, row in enumerate(self._rows) if row in ways), len(self._rows))

    async def _add(self, at: int, text: str = "") -> None:
        at = min(at, len(self._rows))
        row = ListRow(self._make_row(replace(new_row(self._filled.field), text=text)))
        self._rows.insert(at, row)
        await self._stack.mount(row, before=at)
        self._renumber()
        place = next(row.part.places(), self)
        if text and isinstance(place, FieldBox):
            place.go_on_typing()
        else:
            place.focus_field()
        self.post_message(Edited())

    async def _take_out(self, at: int) -> None:
        row = self._rows.pop(at)
        below = next((place for each in self._rows[at:] for place in each.part.places()), self)
        below.focus_field()
        await row.remove()
        self._renumber()
        self.post_message(Edited())

    def _take_lines(self, at: int, text: str) -> None:
        self.post_message(self.Refilled(self, with_lines(self.filled, at, text)))

    def _renumber(self) -> None:
        for number, row in enumerate(self._rows, start=1):
            row.number = number
