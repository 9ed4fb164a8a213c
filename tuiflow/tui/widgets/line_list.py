"""A list of rows with a cursor that is an id: what tree, events and runs share."""

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip

from tuiflow.tui.widgets.line_scroll import LineScroll
from tuiflow.tui.widgets.paint import BLURRED_ROW, CURSOR_ROW, Palette, Pieces, paint
from tuiflow.tui.widgets.pane_key import pane_key

CURSOR_MARK = "▌"
GUTTER = 1  # cells before each row, where the cursor's mark stands


def move_bindings(pane: str, opening: str = "open") -> list[BindingType]:
    """Make the keys that move a cursor, with ids of that pane, and say what `enter` does there."""
    keys = (
        ("j,down", "cursor_down", "down", "One row down"),
        ("k,up", "cursor_up", "up", "One row up"),
        ("g,home", "cursor_top", "top", "To the first row"),
        ("G,end", "cursor_end", "end", "To the last row"),
        ("ctrl+d", "cursor_half(1)", "half_down", "Half a page down"),
        ("ctrl+u", "cursor_half(-1)", "half_up", "Half a page up"),
        ("pagedown,ctrl+f", "cursor_page(1)", "page_down", "A page down"),
        ("pageup,ctrl+b", "cursor_page(-1)", "page_up", "A page up"),
        ("enter", "open", "open", "Open what the cursor stands on"),
    )
    return [
        pane_key(
            f"{pane}.{verb}",
            key,
            action,
            opening if verb == "open" else verb.replace("_", " "),
            tip,
        )
        for key, action, verb, tip in keys
    ]


class LineList(LineScroll, can_focus=True, inherit_bindings=False):
    """Draws visible rows only; a subclass says which rows there are and what stands in them."""

    DEFAULT_CSS = """
    LineList {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """
    ALLOW_SELECT = False

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._ids: list[str] = []
        self._index: dict[str, int] = {}
        self._cursor_row = -1
        self._moved = False
        self._told: str | None = None
        self._drawn: dict[int, tuple[Pieces, bool]] = {}
        self._palette: Palette | None = None
        self._header = 0
        self._fresh_focus = False

    # What a subclass says.

    def row_pieces(self, index: int, width: int) -> Pieces:
        """Say what stands in a row, in at most `width` cells."""
        raise NotImplementedError

    def header_pieces(self, width: int) -> Pieces:
        """Say what stands in the line that never scrolls, where there is one."""
        return []

    def foot_pieces(self, width: int) -> Pieces:
        """Say what stands in the last line where the rows leave it and one more empty."""
        return []

    def told_highlight(self, row_id: str) -> None:
        """Post the message that the cursor stands on another row."""
        raise NotImplementedError

    def told_open(self, row_id: str) -> None:
        """Post the message that a row is to be opened."""
        raise NotImplementedError

    def told_click(self, row: int, x: int) -> bool:
        """Take a click on a row, so many cells from its first; False for what any row does."""
        return False

    def stand_in(self, row_id: str) -> str | None:
        """Say which row takes the cursor when its own is gone."""
        return None

    # Rows.

    @property
    def row_count(self) -> int:
        return len(self._ids)

    @property
    def cursor_row(self) -> int:
        """The index of the row under the cursor; -1 in an empty list."""
        return self._cursor_row

    @property
    def was_moved(self) -> bool:
        """Somebody has moved the cursor."""
        return self._moved

    @property
    def top_row(self) -> int:
        """The index of the first visible row."""
        return self.scroll_offset.y

    def row_at(self, row_id: str) -> int | None:
        """Find where a row stands."""
        return self._index.get(row_id)

    def set_rows(self, ids: list[str], index: dict[str, int] | None = None) -> None:
        """Take the new rows; cursor and view stay with what they stood on."""
        cursor_id, top = self._id_at(self._cursor_row), self.top_row
        on_screen = top <= self._cursor_row < top + self._page
        anchor = cursor_id if on_screen else self._id_at(top)
        offset = self._cursor_row - top if on_screen else 0
        old_cursor = self._cursor_row
        self._ids = ids
        self._index = dict(zip(ids, range(len(ids)), strict=True)) if index is None else index
        self._cursor_row = self._row_of(cursor_id, min(max(old_cursor, 0), len(ids) - 1))
        self._drawn.clear()
        self.virtual_size = Size(self.scrollable_size.width, len(ids) + self._header)
        if anchor is not None:
            self._scroll_rows(self._row_of(anchor, top) - offset)
        self.refresh()
        self._tell()

    def _row_of(self, row_id: str | None, otherwise: int) -> int:
        while row_id is not None:
            row = self._index.get(row_id)
            if row is not None:
                return row
            row_id = self.stand_in(row_id)
        return otherwise

    def _id_at(self, row: int) -> str | None:
        return self._ids[row] if 0 <= row < len(self._ids) else None

    @property
    def _page(self) -> int:
        return max(1, self.room.height - self._header)

    # The cursor.

    def set_cursor(self, row: int, *, by_user: bool = True) -> None:
        """Put the cursor on a row and bring it into view."""
        if not self._ids:
            return
        row = min(max(row, 0), len(self._ids) - 1)
        self._moved = self._moved or by_user
        old, self._cursor_row = self._cursor_row, row
        for line in {old, row}:
            self._refresh_row(line)
        self.show_cursor()
        self._tell()

    def show_cursor(self) -> None:
        """Scroll just as far as needed to see the cursor."""
        if not self.room:
            return  # it is shown as soon as there is room
        top, row = self.top_row, self._cursor_row
        if row < top:
            self._scroll_rows(row)
        elif row >= top + self._page:
            self._scroll_rows(row - self._page + 1)

    def _scroll_rows(self, top: int) -> None:
        target = min(max(top, 0), max(0, len(self._ids) - self._page))
        if target != self.scroll_offset.y:
            self.scroll_target_y = self.scroll_y = target

    def _tell(self) -> None:
        row_id = self._id_at(self._cursor_row)
        if row_id != self._told:
            self._told = row_id
            if row_id is not None:
                self.told_highlight(row_id)

    # Drawing.

    def notify_style_update(self) -> None:
        self._palette = None
        super().notify_style_update()

    @property
    def palette(self) -> Palette:
        """The colours of the moment."""
        if self._palette is None:
            self._palette = Palette(self.visual_style)
        return self._palette

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_size.width
        if y < self._header:
            return paint(
                [(" " * GUTTER, ""), *self.header_pieces(width - GUTTER)], width, self.palette
            )
        row = self.top_row + y - self._header
        if row >= len(self._ids):
            is_foot = y == self.room.height - 1 and row > len(self._ids)
            foot = self.foot_pieces(width - GUTTER) if is_foot else ()
            return paint([(" " * GUTTER, ""), *foot], width, self.palette)
        is_cursor = row == self._cursor_row
        pieces = self.row_pieces(row, width - GUTTER)
        self._drawn[row] = (pieces, is_cursor)
        if not is_cursor:
            return paint([(" ", ""), *pieces], width, self.palette)
        mark = (
            CURSOR_MARK,
            "$primary" if self.has_focus else "$foreground 40%",
        )
        style = CURSOR_ROW if self.has_focus else BLURRED_ROW
        return paint([mark, *pieces], width, self.palette, style)

    def refresh_changed(self) -> None:
        """Repaint the visible rows whose pieces are no longer what was drawn."""
        width = self.scrollable_size.width - GUTTER
        top = self.top_row
        for row in range(top, min(top + self._page, len(self._ids))):
            drawn = self._drawn.get(row)
            if drawn is None or drawn[0] != self.row_pieces(row, width):
                self._refresh_row(row)
        if len(self._drawn) > 4 * self._page:
            self._drawn = {
                row: it for row, it in self._drawn.items() if 0 <= row - top < self._page
            }

    def _refresh_row(self, row: int) -> None:
        self.refresh_lines(row + self._header)

    def on_resize(self) -> None:
        self.show_cursor()

    def watch_show_vertical_scrollbar(self, is_shown: bool) -> None:  # noqa: FBT001 - Textual's watchers are called so
        # A scrollbar that has just appeared has not heard where the view stands.
        if is_shown:
            self.vertical_scrollbar.position = self.scroll_y

    def on_focus(self) -> None:
        self._fresh_focus = True
        self._refresh_row(self._cursor_row)

    def on_blur(self) -> None:
        self._refresh_row(self._cursor_row)

    # Keys and mouse.

    def on_click(self, event: events.Click) -> None:
        was_fresh, self._fresh_focus = self._fresh_focus, False
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self._header:
            return
        row = self.top_row + offset.y - self._header
        row_id = self._id_at(row)
        if row_id is None:
            return
        if self.told_click(row, offset.x - GUTTER):
            return
        is_second = event.chain > 1 or (row == self._cursor_row and not was_fresh)
        self.set_cursor(row)
        if is_second:
            self.told_open(row_id)

    def action_cursor_down(self) -> None:
        self.set_cursor(self._cursor_row + 1)

    def action_cursor_up(self) -> None:
        self.set_cursor(self._cursor_row - 1)

    def action_cursor_top(self) -> None:
        self.set_cursor(0)

    def action_cursor_end(self) -> None:
        self.set_cursor(len(self._ids) - 1)

    def action_cursor_half(self, direction: int) -> None:
        self.set_cursor(self._cursor_row + direction * max(1, self._page // 2))

    def action_cursor_page(self, direction: int) -> None:
        self.set_cursor(self._cursor_row + direction * max(1, self._page - 1))

    def action_open(self) -> None:
        row_id = self._id_at(self._cursor_row)
        if row_id is not None:
            self.told_open(row_id)
