"""The list of workflows and their runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual.message import Message

from tuiflow.model.status import Status
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.theme import FAINT, MUTED, status_style
from tuiflow.tui.widgets.finding import Find, find_bindings
from tuiflow.tui.widgets.finding_list import FindingList
from tuiflow.tui.widgets.line_list import move_bindings
from tuiflow.tui.widgets.paint import Piece, Pieces, fitted, width_of
from tuiflow.tui.widgets.pane_key import Told, pane_key

LONGEST_TEXT = 300  # cells
SHORTEST_NOTE = 5  # cells


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row, in words; `id` is unique and stable, such as `run:ID`."""

    id: str
    glyph: str
    status: Status | None
    text: str
    detail: str = ""
    """Stands at the right edge."""
    indent: int = 0
    kind: Literal["workflow", "run", "broken", "note"] = "run"
    is_marked: bool = False
    note: str = ""
    """Why it failed; gives way to all else."""


class RunList(FindingList[str], can_focus=True):
    """Shows rows it is given; the cursor is a row's id."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way
        *move_bindings("runs"),
        *find_bindings("runs"),
        pane_key(
            "runs.mark",
            "space",
            "mark",
            "mark",
            "Mark a run for x, X, r and :delete; unfold a workflow",
        ),
    ]

    TOLD_KEYS: ClassVar[Told] = (("runs.find", "find"), ("runs.mark", "mark"))
    TOLD_OF_MARKS: ClassVar[Told] = (
        ("runs.cancel runs.again", "take all"),
        ("page.step_out", "ends"),
    )

    @dataclass
    class Highlighted(Message):
        """The cursor stands on another row."""

        id: str

    @dataclass
    class Opened(Message):
        """Enter, or a click on the row under the cursor."""

        id: str

    @dataclass
    class Marked(Message):
        """Space was pressed on this row."""

        id: str

    class Scrolled(Message):
        """Other rows have come into view."""

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: tuple[ListRow, ...] = ()
        self.finder: Find = lambda _: ""
        """What looks for a text; it is set by whoever gives the rows."""

    def show(self, rows: Sequence[ListRow]) -> None:
        """Replace the rows; the cursor stays with its id."""
        ids = [row.id for row in rows]
        is_same, had_marks = ids == [row.id for row in self._rows], self.has_marks
        self._rows = tuple(rows)
        if self.has_marks is not had_marks:
            self.tell_keys(has_focus=self.has_focus)
        if is_same:
            self.refresh_changed()
        else:
            self.set_rows(ids)

    @property
    def has_marks(self) -> bool:
        """Some runs are marked."""
        return any(row.is_marked for row in self._rows)

    @property
    def keys_to_tell(self) -> Told:
        return self.TOLD_OF_MARKS if self.has_marks else super().keys_to_tell

    @property
    def cursor_id(self) -> str | None:
        row = self.cursor_row
        return self._rows[row].id if 0 <= row < len(self._rows) else None

    @property
    def cursor_place(self) -> str | None:
        return self.cursor_id

    def move_to(self, place: str) -> bool:
        row = self.row_at(place)
        if row is not None:
            self.set_cursor(row, by_user=False)
        return row is not None

    def ids_in_view(self) -> Sequence[str]:
        """List the rows that are seen."""
        return [row.id for row in self._rows[self.top_row : self.top_row + self.room.height]]

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Scrolled())

    def action_mark(self) -> None:
        if (row_id := self.cursor_id) is not None:
            self.post_message(self.Marked(row_id))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # Marks are taken away first, by the page.
        if action == "find_end" and self.has_marks:
            return False
        return super().check_action(action, parameters)

    # Finding runs.

    def find(self, text: str) -> str:
        return self.finder(text)

    def say_found(self, text: str, hits: Sequence[str]) -> None:
        """Say what is looked for and how much of it there is."""
        is_other = text != self._wanted_text
        self._wanted_text, self._hits = text, hits
        self._say_found()
        if is_other:
            self.refresh_bindings()

    def row_pieces(self, index: int, width: int) -> Pieces:
        return list_row_pieces(self._rows[index], width)

    def told_highlight(self, row_id: str) -> None:
        self._say_found()
        self.post_message(self.Highlighted(row_id))

    def told_open(self, row_id: str) -> None:
        self.post_message(self.Opened(row_id))


def list_row_pieces(row: ListRow, width: int) -> Pieces:
    """Write one row: glyph, text, note, and at the right edge the detail."""
    sign = safe_line(row.glyph, 2)
    before = " " * (2 * row.indent)
    pieces: list[Piece] = [(f"{before[:-2]}* ", "bold $accent") if row.is_marked else (before, "")]
    if sign:
        pieces.append((f"{sign} ", _sign_style(row)))
    text = safe_line(row.text, LONGEST_TEXT)
    detail = safe_line(row.detail, LONGEST_TEXT)
    room = max(width - width_of(pieces), 1)
    kept = min(width_of([(detail, "")]) + 2, room // 2) if detail else 0
    text = fitted(text, min(width_of([(text, "")]), room - kept))
    pieces.append((text, _text_style(row)))
    left = width - width_of(pieces)
    shown = fitted(detail, min(left - 2, width_of([(detail, "")]))) if detail else ""
    free = left - width_of([(shown, "")])
    note = _fitted_note(row, free - 4)
    pieces += [("  ", ""), (note, "$error")] if note else []
    if detail:
        pieces.append((" " * (free - (width_of([(note, "")]) + 2 if note else 0)), ""))
        pieces.append((shown, FAINT if row.kind == "note" else MUTED))
    return pieces


def _fitted_note(row: ListRow, room: int) -> str:
    note = safe_line(row.note, LONGEST_TEXT)
    if width_of([(note, "")]) > room:
        # The kind of an error says more than half of its message.
        note = note.partition(":")[0]
    return fitted(note, min(room, width_of([(note, "")]))) if room >= SHORTEST_NOTE else ""


def _sign_style(row: ListRow) -> str:
    if row.kind == "broken":
        return "bold $warning"
    return status_style(row.status) if row.status is not None else MUTED


def _text_style(row: ListRow) -> str:
    if row.kind == "workflow":
        return "bold"
    if row.kind == "broken":
        return "$warning"
    return MUTED if row.kind == "note" else ""
