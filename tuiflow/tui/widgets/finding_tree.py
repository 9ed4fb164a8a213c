"""A tree whose rows are found by a text: those that have it stay, with what they stand under."""

from textual.timer import Timer

from tuiflow.model.ids import NodePath
from tuiflow.tui.widgets.finding_list import FindingList
from tuiflow.tui.widgets.tree_filter import TreeHits
from tuiflow.tui.widgets.tree_layout import TreeLayout
from tuiflow.tui.widgets.tree_rows import TreeRow

_SLICE = 0.015  # seconds of looking for text between two frames
_REST = 0.005


class FindingTree(FindingList[NodePath]):
    """Holds laid-out rows, and looks for a text in their nodes a slice at a time."""

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._layout_rows = TreeLayout()
        self._search = TreeHits()
        self._is_new_text = False
        self._looking: Timer | None = None

    def _take_rows(self) -> None:
        self.set_rows([row.id for row in self._layout_rows.rows], self._layout_rows.index)

    @property
    def cursor_path(self) -> NodePath | None:
        row = self._row_under_cursor()
        return row.path if row is not None else None

    def _row_under_cursor(self) -> TreeRow | None:
        rows = self._layout_rows.rows
        return rows[self.cursor_row] if 0 <= self.cursor_row < len(rows) else None

    @property
    def cursor_place(self) -> NodePath | None:
        return self.cursor_path

    def move_to(self, place: NodePath) -> bool:
        """Put the cursor on a node, unfolding what hides it; say whether it exists."""
        at = self._reveal(place)
        if at is None:
            return False
        self.set_cursor(at, by_user=False)
        return True

    def _reveal(self, path: NodePath) -> int | None:
        before = len(self._layout_rows.rows)
        at = self._layout_rows.reveal(path)
        if len(self._layout_rows.rows) != before:
            self._take_rows()
        return at

    # Finding steps.

    def find(self, text: str) -> str:
        """Show only the steps a text is found in, under their parents; give the count."""
        self._wanted_text, self._is_new_text = text, True
        self._search.want(text)
        self._look_on()
        return self.found if text else ""

    @property
    def found(self) -> str:
        return "…" if self._is_new_text and self._search.is_looking else super().found

    def _look_on(self) -> None:
        if self._looking is not None:
            self._looking.stop()
            self._looking = None
        self._search.look(_SLICE)
        if self._search.is_looking:
            # Between two slices the loop has room for keys and frames.
            self._looking = self.set_timer(_REST, self._look_on)
        else:
            self._show_hits()
        self._say_found()

    def _show_hits(self) -> None:
        is_new_text, self._is_new_text = self._is_new_text, False
        hits = self._search.keep_in(self._layout_rows)
        if hits is None:
            return
        self._hits = hits
        self._take_rows()
        if is_new_text:
            self.go_to_hit()
