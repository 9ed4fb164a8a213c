"""A pane of a value's lines: what is indented in it can be folded, by a cursor that moves there."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.events import Click

from tuiflow.tui.widgets.detail_level import LEVEL_TIPS, Fold, level_of
from tuiflow.tui.widgets.line_pane import LinePane
from tuiflow.tui.widgets.opening import Opening
from tuiflow.tui.widgets.paint import CURSOR_ROW
from tuiflow.tui.widgets.pane_key import pane_key, told_keys
from tuiflow.tui.widgets.picture_lines import Drawn

SHORT = 60  # lines of a value that is shown open at once
OPEN_LEVELS = 2  # of one that is longer
_TOLD = (("values.fold values.unfold", "fold"), ("values.more values.less", "levels"))


class ValuePane(LinePane, can_focus=True):
    """Shows lines like any other pane, and folds those among them that are an `Opening`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        pane_key(
            "values.unfold", "l,right", "fold(1)", "unfold", "Unfold, or one line on; else right"
        ),
        pane_key(
            "values.fold",
            "h,left",
            "fold(-1)",
            "fold",
            "Fold, or go to what it stands in; else left",
        ),
        pane_key("values.toggle", "space", "toggle_fold", "toggle", "Fold, unfold"),
        pane_key("values.more", "plus", "level(1)", "more", LEVEL_TIPS[1]),
        pane_key("values.less", "minus", "level(-1)", "less", LEVEL_TIPS[-1]),
    ]

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._all: list[Content] = []
        self._places: list[int] = []
        self._folds: dict[str, bool] = {}
        self._cursor = 0
        self._has_folds = False
        self._told_keys = ""

    # Lines: all there are, and those that no fold hides.

    def show(self, lines: Sequence[Content], *, keep_scroll: bool = False) -> None:
        """Replace the lines; folds and cursor stay where it is the same value as before."""
        openings = [line for line in lines if isinstance(line, Opening)]
        had_folds = self._has_folds
        self._all, self._has_folds = list(lines), bool(openings)
        if not keep_scroll or not had_folds:
            is_long = len(self._all) > SHORT
            self._folds = {
                it.key: not it.is_aside and (it.depth <= OPEN_LEVELS or not is_long)
                for it in openings
            }
            self._cursor = next((at for at, it in enumerate(lines) if isinstance(it, Opening)), 0)
        self._cursor = min(self._cursor, max(len(self._all) - 1, 0))
        super().show(self._unfolded(), keep_scroll=keep_scroll)

    def _unfolded(self) -> list[Content]:
        self._places = list(self._seen())
        return [
            line.folded if isinstance(line, Opening) and not self._is_open(line) else line
            for line in map(self._all.__getitem__, self._places)
        ]

    def _seen(self) -> Iterator[int]:
        at = 0
        while at < len(self._all):
            yield at
            line = self._all[at]
            at += 1
            if isinstance(line, Opening) and not self._is_open(line):
                at += line.inside

    def _is_open(self, line: Opening) -> bool:
        # What is looked for may stand anywhere.
        return self._wanted is not None or self._folds.get(line.key, True)

    def _row_of(self, at: int) -> int:
        return max(bisect_right(self._places, at) - 1, 0)

    @property
    def whole_text(self) -> str:
        return self._text(0, len(self._all))

    def _text(self, first: int, end: int) -> str:
        lines = self._all[first:end]
        return "\n".join(line.plain for line in lines if not isinstance(line, Drawn))

    @property
    def chosen_text(self) -> str | None:
        if self._chosen is None:
            return None
        first, last = min(self._chosen), max(self._chosen)
        end = self._places[last + 1] if last + 1 < len(self._places) else len(self._all)
        # With what is folded in them.
        return self._text(self._places[first], end)

    # The cursor.

    @property
    def _line_to_choose(self) -> int:
        return self._row_of(self._cursor) if self._has_folds else super()._line_to_choose

    def _row_style(self, line: int) -> str:
        if not self._has_folds or line != self._row_of(self._cursor):
            return ""
        return CURSOR_ROW if self.has_focus else ""

    def _put_cursor(self, row: int) -> None:
        self._cursor = self._places[min(max(row, 0), len(self._places) - 1)]
        self._show_line(self._row_of(self._cursor))
        self.refresh()

    def action_rows(self, count: int) -> None:
        if not self._has_folds or self._chosen is not None:
            super().action_rows(count)
            if self._chosen is not None:
                self._cursor = self._places[self._chosen[1]]
            return
        row = self._row_of(self._cursor)
        # A line longer than the pane is read through before the next one is gone to.
        bottom = self.scroll_offset.y + self.room.height
        is_longer = self._first_row(row + 1) - self._first_row(row) > self.room.height
        if is_longer and count == 1 and self._first_row(row + 1) > bottom:
            self._scroll_by(1)
        elif is_longer and count == -1 and self._first_row(row) < self.scroll_offset.y:
            self._scroll_by(-1)
        else:
            self._put_cursor(row + count)

    def action_top(self) -> None:
        super().action_top()
        if self._has_folds:
            self._put_cursor(0)

    def action_end(self) -> None:
        super().action_end()
        if self._has_folds:
            self._put_cursor(len(self._places) - 1)

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or not self._has_folds or self.screen.get_selected_text():
            return
        row, _ = self._line_at(self.scroll_offset.y + offset.y)
        if row < len(self._places):
            if self._places[row] == self._cursor:
                self.action_toggle_fold()
            self._put_cursor(row)

    def on_focus(self) -> None:
        self._told_keys = told_keys(self, _TOLD)
        self.refresh()
        self._say()

    def on_blur(self) -> None:
        self._told_keys = ""
        self.refresh()
        self._say()

    # Folding.

    @property
    def _opening(self) -> Opening | None:
        line = self._all[self._cursor] if self._has_folds else None
        return line if isinstance(line, Opening) else None

    def _outer(self, at: int) -> int | None:
        """Find the opening a line stands in."""
        for above in range(at - 1, -1, -1):
            line = self._all[above]
            if isinstance(line, Opening) and above + line.inside >= at:
                return above
        return None

    def _fold(self, keys: Iterable[str], *, is_open: bool) -> None:
        self._folds.update(dict.fromkeys(keys, is_open))
        self._lay_out()

    def _lay_out(self) -> None:
        chosen, self._chosen = self._chosen, None
        super().show(self._unfolded(), keep_scroll=True)
        if chosen is None and self._has_folds:
            self._put_cursor(self._row_of(self._cursor))

    def action_fold(self, direction: int) -> None:
        opening = self._opening
        if not self._has_folds or self._chosen is not None:
            self.action_sideways(direction)
        elif opening is not None and self._is_open(opening) is (direction < 0):
            self._fold([opening.key], is_open=direction > 0)
        elif not self.wrap:
            self.action_sideways(direction)
        elif direction > 0:
            self.action_rows(1)
        elif (outer := self._outer(self._cursor)) is not None:
            self._put_cursor(self._row_of(outer))

    def action_toggle_fold(self) -> None:
        if (opening := self._opening) is not None:
            self._fold([opening.key], is_open=not self._is_open(opening))

    def action_level(self, step: int) -> None:
        if not self._has_folds:
            return
        first = self._cursor if self._opening is not None else self._outer(self._cursor)
        found = dict(self._openings_in(first or 0))
        level = level_of(found.values(), step)
        self._fold((key for key, (depth, _) in found.items() if depth == level), is_open=step > 0)

    def _openings_in(self, first: int) -> Iterator[tuple[str, tuple[int, Fold]]]:
        """Give the seen openings of one, itself among them: their keys, depths and folds."""
        outer = self._all[first]
        last = first + outer.inside if isinstance(outer, Opening) else len(self._all)
        for at in self._places:
            line = self._all[at]
            if first <= at <= last and isinstance(line, Opening):
                yield line.key, (line.depth, "open" if self._is_open(line) else "closed")

    def _notes(self) -> list[Content]:
        notes = super()._notes()
        is_told = self._has_folds and self._told_keys and not notes
        return [Content(self._told_keys)] if is_told and self._wanted is None else notes

    # Finding: everything is open while something is looked for.

    def find(self, text: str) -> str:
        if bool(text) is not (self._wanted is not None) and self._has_folds:
            self._hits.want(text)
            self._reveal(self._cursor)
            self._lay_out()
        return super().find(text)

    def _reveal(self, at: int) -> None:
        outer = self._outer(at)
        while outer is not None:
            opening = self._all[outer]
            assert isinstance(opening, Opening)
            self._folds[opening.key] = True
            outer = self._outer(outer)

    def _go_to_hit(self, at: int) -> None:
        super()._go_to_hit(at)
        if self._has_folds:
            self._put_cursor(self._hits[at])
