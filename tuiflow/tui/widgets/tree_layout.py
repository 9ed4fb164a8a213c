"""Keeps a tree's rows in step with its state, laying out anew only what changed shape."""

from collections.abc import Iterable, Sequence, Set

from tuiflow.model.ids import NodePath, parent_path, with_all_above
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.tui.widgets.tree_rows import (
    FEW_NODES,
    GROUP,
    Keep,
    Place,
    Planter,
    TreeRow,
    most_children,
    quiet,
)

_ZOOMED = frozenset({NodeKind.WORKFLOW, NodeKind.LOOP})
MOST_PATCHES = 24  # from here on everything is laid out at once


class TreeLayout:
    """The rows of one tree, and where each stands; folds survive every new state."""

    def __init__(self) -> None:
        self.rows: list[TreeRow] = []
        self.index: dict[str, int] = {}
        self.state = RunState()
        self._folds: dict[str, bool] = {}
        self._keep: Keep = None
        self._stays: Set[NodePath] = frozenset()
        self._zoomed: NodePath | None = None

    @property
    def top(self) -> NodePath | None:
        """The node of the first row: the workflow, or the part of it that is zoomed into."""
        return self._zoomed or self.state.root

    def zoom(self, path: NodePath | None) -> None:
        """Lay out a node and what is in it alone, or all again."""
        self._zoomed = None if path == self.state.root else path
        self.lay_out()

    def can_zoom(self, path: NodePath) -> bool:
        """Say whether a node is a run inside the run, or a loop, with something in it."""
        node = self.state.nodes[path]
        return bool(node.children) and node.kind in _ZOOMED

    def around(self, path: NodePath) -> NodePath | None:
        """Find what else could be zoomed into around a node; None for the whole run."""
        above = parent_path(path)
        while above is not None and not self.can_zoom(above):
            above = parent_path(above)
        return above

    def holds(self, path: NodePath) -> bool:
        """Say whether a node stands where the tree is zoomed into."""
        zoomed = self._zoomed
        return zoomed is None or path == zoomed or path.startswith((f"{zoomed}/", f"{zoomed}["))

    def show(self, state: RunState, stays: NodePath | None = None) -> bool:
        """Take a new state; say whether rows came, went or moved.

        What `stays` is folded away only where somebody asks for it: the cursor stands there.
        """
        before, self.state = self.state, state
        self._stays = with_all_above([stays] if stays is not None and stays in state.nodes else [])
        if (before.root, before.run.run_id) != (state.root, state.run.run_id):
            self._zoomed = None
            self.lay_out()
            return True
        shape = _changed_shape(before, state)
        return bool(shape) and self._patch(shape)

    def lay_out(self) -> None:
        """Lay out every row anew."""
        top = self.top
        planter = self._planter()
        self.rows = planter.rows(top, Place()) if top else []
        self._number()

    def _planter(self) -> Planter:
        # What is zoomed into is open there, and stays folded where it stands among others.
        open_here = {self._zoomed: True} if self._zoomed else {}
        return Planter(self.state, {**self._folds, **open_here}, self._keep, self._stays)

    def keep_only(self, keep: Keep) -> bool:
        """Lay out only these nodes, or all again; say whether that changed anything."""
        if keep == self._keep:
            return False
        self._keep = keep
        self.lay_out()
        return True

    def set_folds(self, rows: Sequence[TreeRow], *, is_open: bool) -> None:
        """Open or close rows."""
        self._folds |= dict.fromkeys((row.id for row in rows), is_open)
        self._patch([row.top for row in rows])

    def reveal(self, path: NodePath) -> int | None:
        """Open what hides a node and say in which row it stands."""
        if path not in self.state.nodes:
            return None
        if not self.holds(path):
            self.zoom(None)
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
            self.set_folds([self.rows[row]], is_open=True)
        if child not in self.index:
            for candidate in self.rows:
                if candidate.id.startswith(GROUP) and child in candidate.members:
                    self.set_folds([candidate], is_open=True)
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

    def _patch(self, paths: Iterable[NodePath]) -> bool:
        """Lay out anew what stands under these; say whether any row is another one now."""
        visible = {self._visible(path) for path in paths}
        tops = [path for path in visible if path and not _has_above(path, visible)]
        if len(tops) > MOST_PATCHES or self._keep is not None:
            self.lay_out()
            return True
        planter, is_changed = self._planter(), False
        # From the bottom up, so that the numbers of those above still hold.
        for row in sorted((self.index[path] for path in tops), reverse=True):
            old, end = self.rows[row], self.end_of(row)
            new = planter.rows(old.top, old.place)
            if new != self.rows[row:end]:
                self.rows[row:end], is_changed = new, True
        if is_changed:
            self._number()
        return is_changed

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
        is_quieter = quiet(old.status) is not quiet(node.status)
        is_folded = is_quieter and len(after.nodes) > FEW_NODES
        if node.children and (is_folded or Status.SKIPPED in {old.status, node.status}):
            shape.add(path)
        parent = parent_path(path)
        above = after.nodes.get(parent) if parent is not None else None
        is_grouped = above is not None and len(above.children) > most_children(above)
        if above is not None and is_grouped and is_quieter:
            shape.add(above.path)
    return shape
