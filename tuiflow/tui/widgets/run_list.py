"""The list of workflows and their runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from textual.message import Message

from tuiflow.model.status import Status
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.theme import FAINT, MUTED, status_style
from tuiflow.tui.widgets.line_list import LineList, move_bindings
from tuiflow.tui.widgets.paint import Piece, Pieces, fitted, width_of

LONGEST_TEXT = 300  # cells


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


class RunList(LineList, can_focus=True):
    """Shows rows it is given; the cursor is a row's id."""

    BINDINGS = [*move_bindings("runs")]  # noqa: RUF012 - Textual's own way

    @dataclass
    class Highlighted(Message):
        """The cursor stands on another row."""

        id: str

    @dataclass
    class Opened(Message):
        """Enter, or a click on the row under the cursor."""

        id: str

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
        ascii: bool = False,  # noqa: A002 - the setting's own word
    ) -> None:
        super().__init__(id=id, classes=classes, ascii=ascii)
        self._rows: tuple[ListRow, ...] = ()

    def show(self, rows: Sequence[ListRow]) -> None:
        """Replace the rows; the cursor stays with its id."""
        ids = [row.id for row in rows]
        is_same = ids == [row.id for row in self._rows]
        self._rows = tuple(rows)
        if is_same:
            self.refresh_changed()
        else:
            self.set_rows(ids)

    @property
    def cursor_id(self) -> str | None:
        row = self.cursor_row
        return self._rows[row].id if 0 <= row < len(self._rows) else None

    def move_to(self, row_id: str) -> bool:
        """Put the cursor on a row; say whether it is there."""
        row = self.row_at(row_id)
        if row is not None:
            self.set_cursor(row, by_user=False)
        return row is not None

    def row_pieces(self, index: int, width: int) -> Pieces:
        return list_row_pieces(self._rows[index], width)

    def told_highlight(self, row_id: str) -> None:
        self.post_message(self.Highlighted(row_id))

    def told_open(self, row_id: str) -> None:
        self.post_message(self.Opened(row_id))


def list_row_pieces(row: ListRow, width: int) -> Pieces:
    """Write one row: glyph, text, and the detail at the right edge, which gives way first."""
    sign = safe_line(row.glyph, 2)
    pieces: list[Piece] = [(" " * (2 * row.indent), "")]
    if sign:
        pieces.append((f"{sign} ", _sign_style(row)))
    text = safe_line(row.text, LONGEST_TEXT)
    detail = safe_line(row.detail, LONGEST_TEXT)
    room = max(width - width_of(pieces), 1)
    kept = min(width_of([(detail, "")]) + 2, room // 2) if detail else 0
    text = fitted(text, min(width_of([(text, "")]), room - kept))
    pieces.append((text, _text_style(row)))
    if detail:
        left = width - width_of(pieces)
        shown = fitted(detail, min(left - 2, width_of([(detail, "")])))
        pieces.append((" " * (left - width_of([(shown, "")])), ""))
        pieces.append((shown, FAINT if row.kind == "note" else MUTED))
    return pieces


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
