"""Keeps a tree's rows in step with its state, laying out anew only what changed shape."""

from collections.abc import Iterable

from tuiflow.model.ids import NodePath, parent_path
from tuiflow.model.node_state import NodeState
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.tui.widgets.tree_rows import (
    GROUP,
    Keep,
    Place,
    Planter,
    TreeRow,
    most_children,
    quiet,
)

MOST_PATCHES = 24  # from here on everything is laid out at once


class TreeLayout:
    """The rows of one tree, and where each stands; folds survive every new state."""

    def __init__(self, *, ascii: bool = False) -> None:  # noqa: A002 - the setting's own word
        self.rows: list[TreeRow] = []
        self.index: dict[str, int] = {}
        self.state = RunState()
        self._ascii = ascii
        self._folds: dict[str, bool] = {}
        self._keep: Keep = None

    def show(self, state: RunState) -> bool:
        """Take a new state; say whether rows came, went or moved."""
        before, self.state = self.state, state
        if (before.root, before.run.run_id) != (state.root, state.run.run_id):
            self.lay_out()
            return True
        shape = _changed_shape(before, state)
        if not shape:
            return False
        self._patch(shape)
        return True

    def lay_out(self) -> None:
        """Lay out every row anew."""
        root = self.state.root
        planter = Planter(self.state, self._folds, self._keep, ascii=self._ascii)
        self.rows = planter.rows(root, Place()) if root else []
        self._number()

    def keep_only(self, keep: Keep) -> bool:
        """Lay out only these nodes, or all again; say whether that changed anything."""
        if keep == self._keep:
            return False
        self._keep = keep
        self.lay_out()
        return True

    def set_fold(self, row_id: str, *, is_open: bool) -> None:
        """Open or close one row."""
        self._folds[row_id] = is_open
        row = self.rows[self.index[row_id]]
        self._patch([row.top])

    def reveal(self, path: NodePath) -> int | None:
        """Open what hides a node and say in which row it stands."""
        if path not in self.state.nodes:
            return None
        hidden: list[NodePath] = []
        above: NodePath | None = path
        while above is not None and above not in self.index:
            hidden.append(above)
            above = parent_path(above)
        if above is None:
            return None
        for step in reversed(hidden):
            parent = parent_path(step)
            if step not in self.index and parent is not None:
                self._open_for(parent, step)
        return self.index.get(path, self.index[above])

    def _open_for(self, parent: NodePath, child: NodePath) -> None:
        row = self.index.get(parent)
        if row is not None and self.rows[row].fold == "closed":
            self.set_fold(self.rows[row].id, is_open=True)
        if child not in self.index:
            for candidate in self.rows:
                if candidate.id.startswith(GROUP) and child in candidate.members:
                    self.set_fold(candidate.id, is_open=True)
                    return

    def end_of(self, row: int) -> int:
        """Find where the rows under a row end."""
        depth, end = self.rows[row].place.depth, row + 1
        while end < len(self.rows) and self.rows[end].place.depth > depth:
            end += 1
        return end

    def parent_row(self, row: int) -> int | None:
        """Find the row one level up."""
        depth = self.rows[row].place.depth
        return next(
            (at for at in range(row - 1, -1, -1) if self.rows[at].place.depth < depth), None
        )

    def _patch(self, paths: Iterable[NodePath]) -> None:
        visible = {self._visible(path) for path in paths}
        tops = [path for path in visible if path and not _has_above(path, visible)]
        if len(tops) > MOST_PATCHES or self._keep is not None:
            self.lay_out()
            return
        planter = Planter(self.state, self._folds, ascii=self._ascii)
        # From the bottom up, so that the numbers of those above still hold.
        for row in sorted((self.index[path] for path in tops), reverse=True):
            old = self.rows[row]
            self.rows[row : self.end_of(row)] = planter.rows(old.top, old.place)
        self._number()

    def _visible(self, path: NodePath) -> NodePath | None:
        above: NodePath | None = path
        while above is not None and above not in self.index:
            above = parent_path(above)
        return above

    def _number(self) -> None:
        self.index = {row.id: at for at, row in enumerate(self.rows)}
        for at, row in enumerate(self.rows):
            if row.top != row.path:
                self.index[row.top] = at


def _has_tried(old: NodeState, node: NodeState) -> bool:
    return len(node.attempts) > 1 and len(old.attempts) != len(node.attempts)


def _has_above(path: NodePath, others: set[NodePath | None]) -> bool:
    above = parent_path(path)
    while above is not None:
        if above in others:
            return True
        above = parent_path(above)
    return False


def _changed_shape(before: RunState, after: RunState) -> set[NodePath]:
    """Find the nodes under which rows may have come, gone or changed their group."""
    shape: set[NodePath] = set()
    for path in after.changed_since(before):
        old, node = before.nodes.get(path), after.nodes.get(path)
        if old is None or node is None or old is node:
            # One that came or went is among the children of one that stood there before.
            continue
        if old.children != node.children or _has_tried(old, node):
            shape.add(path)
        if old.status is node.status:
            continue
        if node.children and Status.SKIPPED in {old.status, node.status}:
            shape.add(path)
        parent = parent_path(path)
        above = after.nodes.get(parent) if parent is not None else None
        is_grouped = above is not None and len(above.children) > most_children(above)
        if above is not None and is_grouped and quiet(old.status) is not quiet(node.status):
            shape.add(above.path)
    return shape
