"""The step tree of one run or of an idle workflow: cursor, folds and keys over laid-out rows."""

from dataclasses import dataclass
from typing import ClassVar

from textual.message import Message

from tuiflow.model.ids import NodePath, RunId, parent_path
from tuiflow.model.run_state import RunState
from tuiflow.model.status import FAILED
from tuiflow.tui.spot import Spot
from tuiflow.tui.widgets.detail_level import LEVEL_TIPS, level_of
from tuiflow.tui.widgets.finding import find_bindings
from tuiflow.tui.widgets.finding_tree import FindingTree
from tuiflow.tui.widgets.gantt import axis_of
from tuiflow.tui.widgets.line_list import move_bindings
from tuiflow.tui.widgets.paint import Pieces
from tuiflow.tui.widgets.pane_key import Told, pane_key
from tuiflow.tui.widgets.tree_filter import decisive_failure, failed_leaves
from tuiflow.tui.widgets.tree_legend import legend_pieces
from tuiflow.tui.widgets.tree_rows import GROUP, TRY, TreeRow
from tuiflow.tui.widgets.tree_text import TreeView, header_pieces, row_pieces


class StepTree(FindingTree, can_focus=True):
    """Shows a `RunState` as rows; the cursor, the folds and the scroll are kept by path."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way
        *move_bindings("steps"),
        *find_bindings("steps"),
        pane_key("steps.unfold", "l,right", "unfold", "unfold", "Unfold"),
        pane_key("steps.fold", "h,left", "fold", "fold", "Fold, or go up"),
        pane_key("steps.toggle", "space", "toggle_fold", "toggle", "Fold, unfold"),
        pane_key("steps.more", "plus", "level(1)", "more", LEVEL_TIPS[1]),
        pane_key("steps.less", "minus", "level(-1)", "less", LEVEL_TIPS[-1]),
    ]

    TOLD_KEYS: ClassVar[Told] = (
        ("steps.find", "find"),
        ("steps.fold steps.unfold", "fold"),
        ("steps.more steps.less", "levels"),
    )

    @dataclass
    class Highlighted(Message):
        """The cursor stands on another node."""

        path: NodePath

    @dataclass
    class Opened(Message):
        """Enter, or a click on the row under the cursor, where it does not zoom."""

        path: NodePath

    @dataclass
    class Zoomed(Message):
        """A part of the tree is shown alone, or all of it again."""

        path: NodePath | None

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._view = TreeView(RunState(), 0, None)
        self._run_id: RunId | None = None
        self._failure_shown = False

    def show(self, state: RunState, now: int, *, stopping: str = "") -> None:
        """Show the new fold; `stopping` is said on the first row while a run is being cancelled."""
        is_another_tree = state.root != self._view.state.root
        if state.run.run_id != self._run_id:
            self._run_id = state.run.run_id
            self._moved = self._failure_shown = False
        self._set_view(state, now, stopping)
        self._search.take(state)
        if self._layout_rows.show(state, stays=self.cursor_path):
            self._take_rows()
        else:
            self.refresh_changed()
        self._look_on()
        if is_another_tree:
            self.set_cursor(0, by_user=False)
        self._select_failure()

    def tick(self, now: int) -> None:
        """Let what is running move on; only rows that look different are drawn again."""
        if self._view.state.run.started_at is None or self._view.state.status.is_final:
            return
        self._set_view(self._view.state, now, self._view.stopping)
        self.refresh_changed()

    @property
    def state(self) -> RunState:
        """The fold that is shown."""
        return self._view.state

    @property
    def cursor_spot(self) -> Spot | None:
        """The node under the cursor, or the try of it."""
        row = self._row_under_cursor()
        return Spot(row.path, row.attempt) if row is not None else None

    def next_failure(self) -> bool:
        """Go to the next failed step, then to what stands out as the slowest, round and round.

        Says whether there is anything.
        """
        slow = (row.path for row in self._layout_rows.rows if row.place.mark)
        failed = list(dict.fromkeys([*failed_leaves(self._view.state), *slow]))
        if not failed:
            return False
        here = self.cursor_path
        rows = self._layout_rows.index
        below = (at for at, path in enumerate(failed) if rows.get(path, -1) > self.cursor_row)
        start = failed.index(here) + 1 if here and here in failed else next(below, 0)
        self._moved = True
        return self.move_to(failed[start % len(failed)])

    def _set_view(self, state: RunState, now: int, stopping: str) -> None:
        axis = axis_of(state, now)
        had_header, had_axis = self._header, self._view.axis
        self._view = TreeView(state, now, axis, stopping)
        self._header = 1 if axis is not None else 0
        if self._header != had_header or (axis is None) != (had_axis is None):
            self._take_rows()
        elif axis != had_axis:
            self.refresh()

    def _select_failure(self) -> None:
        if self._moved or self._failure_shown or self._view.state.status not in FAILED:
            return
        self._failure_shown = True
        if failed := decisive_failure(self._view.state):
            self.move_to(failed)

    # Zooming into a part.

    @property
    def zoomed(self) -> NodePath | None:
        """The nested workflow or loop that is shown alone."""
        top = self._layout_rows.top
        return None if top == self._view.state.root else top

    def zoom_out(self) -> bool:
        """Go one zoom up, with the cursor on what was shown; False where all is shown."""
        inner = self.zoomed
        if inner is None:
            return False
        self._zoom(self._layout_rows.around(inner))
        self.move_to(inner)
        return True

    def _zoom(self, path: NodePath | None) -> None:
        self._moved = True
        self._layout_rows.zoom(path)
        self._hits = self._search.keep_in(self._layout_rows) or ()
        self._take_rows()
        self.set_cursor(0)
        self.post_message(self.Zoomed(path))

    # What the list asks.

    def row_pieces(self, index: int, width: int) -> Pieces:
        return row_pieces(self._view, self._layout_rows.rows[index], width)

    def header_pieces(self, width: int) -> Pieces:
        return header_pieces(self._view, width)

    def foot_pieces(self, width: int) -> Pieces:
        axis = self._view.axis
        return [] if axis is None else legend_pieces(width, has_pause=bool(axis.pauses))

    def told_highlight(self, row_id: str) -> None:
        path = self.cursor_path
        self._say_found()
        if path is not None:
            self.post_message(self.Highlighted(path))

    def told_open(self, row_id: str) -> None:
        row = self._row_under_cursor()
        if row is None:
            return
        if row.members:
            self.action_toggle_fold()
        elif self.cursor_row > 0 and not row.attempt and self._layout_rows.can_zoom(row.path):
            self._zoom(row.path)
        else:
            self.post_message(self.Opened(row.path))

    def told_click(self, row: int, x: int) -> bool:
        clicked = self._layout_rows.rows[row]
        sign = len(clicked.place.guide)
        if clicked.fold == "leaf" or x not in range(sign, sign + 2):
            return False
        # The sign of what can be folded folds it.
        self.set_cursor(row)
        self.action_toggle_fold()
        return True

    def stand_in(self, row_id: str) -> str | None:
        if row_id.startswith(TRY):
            return row_id.removeprefix(TRY).partition(":")[2]
        return parent_path(NodePath(row_id.removeprefix(GROUP)))

    # Folding.

    def _set_folds(self, *rows: TreeRow, is_open: bool) -> None:
        self._moved = True
        self._layout_rows.set_folds(rows, is_open=is_open)
        self._take_rows()

    def action_unfold(self) -> None:
        row = self._row_under_cursor()
        if row is None:
            return
        if row.fold == "closed":
            self._set_folds(row, is_open=True)
        elif row.fold == "open":
            self.set_cursor(self.cursor_row + 1)

    def action_fold(self) -> None:
        row = self._row_under_cursor()
        if row is None:
            return
        above = self._layout_rows.parent_row(self.cursor_row)
        if row.fold == "open":
            self._set_folds(row, is_open=False)
        elif above is not None:
            self.set_cursor(above)

    def action_toggle_fold(self) -> None:
        row = self._row_under_cursor()
        if row is not None and row.fold != "leaf":
            self._set_folds(row, is_open=row.fold == "closed")

    def action_level(self, step: int) -> None:
        if self._row_under_cursor() is None:
            return
        rows = self._layout_rows.rows[self.cursor_row : self._layout_rows.end_of(self.cursor_row)]
        level = level_of(((row.place.depth, row.fold) for row in rows), step)
        fold = "closed" if step > 0 else "open"
        switched = [row for row in rows if row.place.depth == level and row.fold == fold]
        self._set_folds(*switched, is_open=step > 0)
