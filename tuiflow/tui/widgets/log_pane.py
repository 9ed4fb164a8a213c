"""A pane of logged lines, whose times can be hidden."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.reactive import reactive

from tuiflow.tui.widgets.line_pane import LinePane
from tuiflow.tui.widgets.log_lines import HEAD_CELLS
from tuiflow.tui.widgets.pane_key import pane_key


class LogPane(LinePane, can_focus=True):
    """Shows what `log_lines` writes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        pane_key("logs.times", "t", "toggle_times", "times", "Show the times, or hide them")
    ]
    WRAPS_WORDS: ClassVar[bool] = False  # it may have millions of lines
    times: reactive[bool] = reactive(default=True)
    _has_times = False
    _is_over = False

    def show(self, lines: Sequence[Content], *, keep_scroll: bool = False) -> None:
        """Replace the lines, each with its time before it."""
        self._has_times = True
        self._store.skip = 0 if self.times else HEAD_CELLS
        super().show(lines, keep_scroll=keep_scroll)

    def tell(self, line: Content) -> None:
        """Say a line of our own instead."""
        self._has_times, self._store.skip = False, 0
        super().show([line])

    def tell_over(self, *, is_over: bool) -> None:
        """Say whether nothing more comes."""
        if is_over is not self._is_over:
            self._is_over = is_over
            self._say()

    def _notes(self) -> list[Content]:
        notes = super()._notes()
        return [*notes, Content("log ended")] if self._is_over and self._has_times else notes

    def watch_times(self) -> None:
        line, _ = self._line_at(self.scroll_offset.y)
        self._store.skip = HEAD_CELLS if self._has_times and not self.times else 0
        self._measure()
        self._scroll_rows(self._row_count if self.follow else self._first_row(line))
        self.refresh()

    def action_toggle_times(self) -> None:
        self.times = not self.times
