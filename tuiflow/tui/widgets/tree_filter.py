"""Which steps of a tree a typed text finds, looked for a slice at a time: a run may have many."""

import time
from collections.abc import Callable, Iterable, Sequence

from tuiflow.model.ids import NodePath, parent_path, with_all_above
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.tui.widgets.finding import wanted_pattern
from tuiflow.tui.widgets.tree_layout import TreeLayout

_AT_ONCE = 64  # nodes looked at between two looks at the time


class TreeHits:
    """The nodes whose name or error has the text; for `!text` those steps that have it not."""

    def __init__(self) -> None:
        self.text = ""
        self.found: set[NodePath] = set()
        self._version = 0
        self._is_hit: Callable[[NodeState], bool] | None = None
        self._state = RunState()
        self._unseen: list[NodePath] = []
        self._kept_for: tuple[int, NodePath | None] | None = None

    def want(self, text: str) -> None:
        """Look for something else, or for nothing."""
        self.text, self._is_hit = text, _asked(text)
        self._look_anew()

    def take(self, state: RunState) -> None:
        """Take a new state, of which only what has changed is looked through again."""
        before, self._state = self._state, state
        if state.nodes is before.nodes:
            return
        if state.before is not before.nodes:
            self._look_anew()
        elif self._is_hit is not None:
            self._unseen += state.changed

    def _look_anew(self) -> None:
        self.found = set()
        self._version += 1
        self._unseen = [] if self._is_hit is None else list(self._state.nodes)

    @property
    def is_looking(self) -> bool:
        """There are nodes that have not been looked at."""
        return bool(self._unseen)

    def look(self, seconds: float) -> None:
        """Look at the next nodes, for so long."""
        until = time.monotonic() + seconds
        while self._unseen:
            some = self._unseen[-_AT_ONCE:]
            del self._unseen[-_AT_ONCE:]
            self._take(some)
            if time.monotonic() > until:
                return

    def _take(self, paths: Iterable[NodePath]) -> None:
        assert self._is_hit is not None
        nodes = self._state.nodes
        for path in paths:
            is_hit = path in nodes and self._is_hit(nodes[path])
            if is_hit is not (path in self.found):
                (self.found.add if is_hit else self.found.discard)(path)
                self._version += 1

    def keep_in(self, rows: TreeLayout) -> Sequence[NodePath] | None:
        """Lay out only what is found, and give it from the top down; None where that is done."""
        kept_for = (self._version, rows.top)
        if kept_for == self._kept_for:
            return None
        self._kept_for = kept_for
        found = [path for path in self.found if rows.holds(path)]
        rows.keep_only(with_parents(found, rows.top) if self._is_hit is not None else None)
        # What a loop has made comes last in the state, and stands where the loop stands.
        return sorted(found, key=lambda path: rows.index.get(path, len(rows.index)))


def with_parents(found: Iterable[NodePath], root: NodePath | None) -> set[NodePath]:
    """Give nodes together with all that they stand under, and the root in any case."""
    return with_all_above(found if root is None else (root, *found))


def failed_leaves(state: RunState) -> list[NodePath]:
    """List where it failed: not what failed because of something in it."""
    leaves = state.failed - {parent_path(path) for path in state.failed}
    return [path for path in state.nodes if path in leaves]


def decisive_failure(state: RunState) -> NodePath | None:
    """Find the step that a run failed of, which may have gone on after others that failed."""
    path, found = state.root, None
    while path is not None and path in state.failed:
        node, found = state.nodes[path], path
        failed = [child for child in node.children if child in state.failed]
        if node.kind is NodeKind.PARALLEL:
            # Of several branches it repeats what the first said that it failed of.
            same = (it for it in failed if _summary(state.nodes[it]) == _summary(node))
            path = next(same, next(iter(failed), None))
        else:
            path = max(failed, key=lambda child: state.nodes[child].ended_at or 0, default=None)
    return found


def _summary(node: NodeState) -> str:
    return node.failure.summary if node.failure else ""


def _asked(text: str) -> Callable[[NodeState], bool] | None:
    is_inverse = len(text) > 1 and text.startswith("!")
    wanted = wanted_pattern(text.removeprefix("!") if is_inverse else text)
    if wanted is None:
        return None
    if is_inverse:
        return lambda node: not node.children and wanted.search(_words(node)) is None
    return lambda node: wanted.search(_words(node)) is not None


def _words(node: NodeState) -> str:
    # Those above have the same failure, and only say how many.
    if node.failure is None or node.children:
        return node.name
    return f"{node.name} {node.failure.summary}"
