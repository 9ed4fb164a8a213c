"""Any number of lines as rows: wrapping, scrolling, following. What they look like is not here."""

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView

from tuiflow.tui.widgets.line_store import LineStore, Wrapping


class LineView(ScrollView, can_focus=True, inherit_bindings=False):
    """Holds lines and knows which of them are seen; a subclass draws them."""

    follow: reactive[bool] = reactive(default=False)
    wrap: reactive[bool] = reactive(default=False)

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._store = LineStore()
        self._wrapping: Wrapping | None = None
        self._unread = 0
        self._said_before: Content | None = None
        self._is_paused = False
        self._is_ours = False

    # Lines.

    def show(self, lines: Sequence[Content], *, keep_scroll: bool = False) -> None:
        """Replace the lines; the view goes to the top, or to the end when it follows."""
        self._store.clear()
        self._store.extend(lines)
        self._set_unread(0)
        self._measure()
        if self.follow:
            self._scroll_rows(self._row_count)
        else:
            self._scroll_rows(self.scroll_offset.y if keep_scroll else 0)
        if not keep_scroll:
            self._scroll_sideways(0)
        self.refresh()

    def append(self, lines: Sequence[Content]) -> None:
        """Add lines at the end; the view moves only when it follows."""
        if not lines:
            return
        top_line, sub_row = self._line_at(self.scroll_offset.y)
        first_row = self._row_count
        dropped = self._store.extend(lines)
        if dropped:
            self._measure()
        else:
            self._add_to_wrapping(lines)
        if self.follow:
            self._scroll_rows(self._row_count)
            self.refresh()
        else:
            if not self._is_at_end:
                self._set_unread(self._unread + len(lines))
            if dropped:
                # What is seen stays where it is, although what stood above it is gone.
                self._scroll_rows(self._first_row(max(top_line - dropped, 0)) + sub_row)
                self.refresh()
            elif first_row < self.scroll_offset.y + self.size.height:
                self.refresh()

    def clear(self) -> None:
        """Show nothing."""
        self.show([])

    @property
    def line_count(self) -> int:
        return len(self._store)

    @property
    def dropped_count(self) -> int:
        """How many lines at the top the pane has let go; the log still has them."""
        return self._store.dropped

    @property
    def unread_count(self) -> int:
        """How many lines came below what is seen since the pane stopped following."""
        return self._unread

    # Rows: a line is one row, or several when wrapped.

    @property
    def _row_count(self) -> int:
        return self._wrapping.row_count if self._wrapping else len(self._store)

    def _line_at(self, row: int) -> tuple[int, int]:
        return self._wrapping.line_at(row) if self._wrapping else (row, 0)

    def _first_row(self, line: int) -> int:
        return self._wrapping.first_row(line) if self._wrapping else line

    def _measure(self) -> None:
        self._wrapping = None
        if self.wrap:
            self._wrapping = Wrapping(self.text_width or 80)
            self._wrapping.extend(self._store.texts(0, len(self._store)))
        self._set_virtual_size()

    def _add_to_wrapping(self, lines: Sequence[Content]) -> None:
        if self._wrapping is not None:
            self._wrapping.extend([line.plain for line in lines])
        self._set_virtual_size()

    def _set_virtual_size(self) -> None:
        width = self.size.width if self.wrap else self._store.widest
        self.virtual_size = Size(width, self._row_count)

    @property
    def text_width(self) -> int:
        """The cells of a wrapped row: one is left free at the right edge."""
        return max(self.size.width - 1, 0)

    # Scrolling and following.

    def _scroll_rows(self, top: int) -> None:
        target = min(max(top, 0), max(0, self._row_count - self.size.height))
        self._is_ours = True
        self.scroll_target_y = self.scroll_y = target
        self._is_ours = False

    def _scroll_sideways(self, left: int) -> None:
        target = min(max(left, 0), max(0, self._store.widest - self.size.width))
        if not self.wrap and target != self.scroll_offset.x:
            self.scroll_target_x = self.scroll_x = target

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._is_ours:
            return
        # A pane that has grown is moved up too, and still stands at the end.
        if new_value < old_value and self.follow and not self._is_at_end:
            self.follow, self._is_paused = False, True
        elif self._is_at_end:
            self._set_unread(0)
            if self._is_paused:
                self.follow = True

    @property
    def _is_at_end(self) -> bool:
        return self.scroll_offset.y + self.size.height >= self._row_count

    def watch_follow(self, follow: bool) -> None:  # noqa: FBT001 - Textual's watchers are called so
        self._is_paused = False
        if follow:
            self._set_unread(0)
            self._scroll_rows(self._row_count)

    def watch_wrap(self) -> None:
        line, _ = self._line_at(self.scroll_offset.y)
        self._measure()
        self._scroll_sideways(0)
        self._scroll_rows(self._first_row(line))
        self.refresh()

    def on_resize(self) -> None:
        if self.wrap and (self._wrapping is None or self._wrapping.width != self.text_width):
            self.watch_wrap()
        if self.follow:
            self._scroll_rows(self._row_count)

    def watch_show_vertical_scrollbar(self, is_shown: bool) -> None:  # noqa: FBT001 - Textual's watchers are called so
        # A scrollbar that has just appeared has not heard where the view stands.
        if is_shown:
            self.vertical_scrollbar.position = self.scroll_y

    def _set_unread(self, count: int) -> None:
        if count and not self._unread:
            self._said_before = self._border_subtitle
        was, self._unread = self._unread, count
        if count:
            self.border_subtitle = Content(f"{count:,} new below · G end".replace(",", " "))
        elif was:
            self.border_subtitle = self._said_before
