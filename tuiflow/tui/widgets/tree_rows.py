"""Which rows a run's tree has: folds, groups of quiet children, guide lines. Pure."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from tuiflow.model.ids import NodePath, parent_path, with_all_above
from tuiflow.model.node_state import Attempt, NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.tui.widgets.detail_level import Fold

FEW_ITERATIONS = 3  # a loop with more folds the quiet ones
FEW_CHILDREN = 50  # any other composite
FEW_NODES = 100  # a tree of more is two levels deep at first, but for what runs or failed
OPEN_LEVELS = 2
MOST_TIMED = 200  # children of which the slowest is looked for: to be timed, each has to be read
_SLOW = 100_000  # microseconds; below that, to be the slowest says nothing
GROUP = "group:"
TRY = "try:"
TEE, CORNER, BAR = "├─ ", "└─ ", "│  "
Folds = Mapping[str, bool]
"""Rows whose fold the user chose, by row id: True is open."""
Keep = Set[NodePath] | None
"""The only nodes that have rows while something is looked for."""

_QUIET: dict[Status, Status] = {
    Status.COMPLETED: Status.COMPLETED,
    Status.REUSED: Status.COMPLETED,
    Status.PENDING: Status.PENDING,
    Status.SKIPPED: Status.SKIPPED,
}


class Place(NamedTuple):
    """Where a row stands among the guide lines."""

    guide: str = ""
    stem: str = ""
    """What the guides of its children begin with."""
    depth: int = 0
    lead: str = ""
    """A word before the name: an iteration's `[3]`, a branch's `then` or `else`."""
    mark: str = ""
    """Why it has a row of its own."""


class TreeRow(NamedTuple):
    """One row: a node, or a group of quiet children of one."""

    id: str
    path: NodePath
    """The node shown; a group's is the node it stands under."""
    top: NodePath
    """The same, or the iteration or branch a lone step stands for."""
    place: Place
    fold: Fold = "leaf"
    members: tuple[NodePath, ...] = ()
    """A group's children."""
    numbers: tuple[int, int] = (0, 0)
    """The first and last of them, counted from 1."""
    attempt: int = 0
    """Which of the node's earlier tries this is; 0 for the node itself."""


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring children that all have the same quiet status."""

    members: tuple[NodePath, ...]
    first: int

    @property
    def id(self) -> str:
        return f"{GROUP}{self.members[0]}"


class Apart(NamedTuple):
    """A quiet child that stands out, and why."""

    path: NodePath
    why: str


Part = NodePath | Group | Apart | Attempt
"""What stands one level below a row."""


class Planter:
    """Lays out rows for one state and one set of folds."""

    def __init__(
        self,
        state: RunState,
        folds: Folds,
        keep: Keep = None,
        stays: Set[NodePath] = frozenset(),
    ) -> None:
        self._state = state
        self._nodes = state.nodes
        self._folds = folds
        self._keep = keep
        self._stays = stays

    def rows(self, top: NodePath, place: Place) -> list[TreeRow]:
        """Lay out a node and everything visible under it."""
        rows: list[TreeRow] = []
        self._add(top, place, rows)
        return rows

    def _add(self, top: NodePath, place: Place, rows: list[TreeRow]) -> None:
        node, lead = self._merged(self._nodes[top])
        if lead:
            place = place._replace(lead=lead)
        if not node.children and (self._keep is not None or len(node.attempts) < 2):
            rows.append(TreeRow(node.path, node.path, top, place))
            return
        if self._keep is not None:
            kept = [child for child in node.children if child in self._keep]
            rows.append(TreeRow(node.path, node.path, top, place, "open" if kept else "closed"))
            self._add_under(node, kept, place, rows)
            return
        is_open = self._folds.get(node.path, self._is_open_at_first(node, place.depth))
        rows.append(TreeRow(node.path, node.path, top, place, "open" if is_open else "closed"))
        if is_open:
            self._add_under(node, self._arranged(node), place, rows)

    def _is_open_at_first(self, node: NodeState, depth: int) -> bool:
        if not node.children or node.status is Status.SKIPPED:
            return False
        if depth < OPEN_LEVELS or len(self._nodes) <= FEW_NODES or node.path in self._stays:
            return True
        # A branch has no end of its own: it stands open in what is open.
        is_quiet = quiet(node.status) is not None and node.kind is not NodeKind.ELSE
        return not is_quiet or node.path in _with_all_above(self._state.failed)

    def _arranged(self, node: NodeState) -> Sequence[Part]:
        tries = node.attempts[:-1]
        if len(node.children) <= most_children(node):
            return [*tries, *node.children]
        statuses = self._state.statuses(node.children)
        # What is above a node ends before it does, but for a number: one child at most.
        stays = next((path for path in self._stays if parent_path(path) == node.path), None)
        slowest = self._slowest(node)
        return [*tries, *arrange(node.children, statuses, apart=slowest, stays=stays)]

    def _slowest(self, node: NodeState) -> NodePath | None:
        """Find the child that took at least twice as long as most others."""
        if len(node.children) > MOST_TIMED:
            return None
        took = {
            child.path: child.ended_at - child.started_at
            for child in map(self._nodes.__getitem__, node.children)
            if child.status is Status.COMPLETED and child.ended_at and child.started_at
        }
        if len(took) <= FEW_ITERATIONS:
            return None
        usual = sorted(took.values())[len(took) // 2]
        slowest = max(took, key=took.__getitem__)
        return slowest if took[slowest] >= max(2 * usual, _SLOW) else None

    def _add_under(
        self,
        node: NodeState,
        parts: Sequence[Part],
        place: Place,
        rows: list[TreeRow],
    ) -> None:
        lone_then = _lone_then(self._nodes, node)
        depth, last = place.depth + 1, len(parts) - 1
        inner = Place(place.stem + TEE, place.stem + BAR, depth)
        for position, part in enumerate(parts):
            below = inner
            if position == last:
                below = Place(place.stem + CORNER, place.stem + "   ", depth)
            if isinstance(part, Attempt):
                row_id = f"{TRY}{part.number}:{node.path}"
                row = TreeRow(row_id, node.path, node.path, below, attempt=part.number)
                rows.append(row)
            elif isinstance(part, Group):
                self._add_group(node, part, below, rows)
            elif isinstance(part, Apart):
                self._add(part.path, below._replace(mark=part.why), rows)
            else:
                self._add(part, below._replace(lead="then") if part == lone_then else below, rows)

    def _add_group(self, node: NodeState, group: Group, place: Place, rows: list[TreeRow]) -> None:
        is_open = self._folds.get(group.id, False)
        fold: Fold = "open" if is_open else "closed"
        numbers = (group.first, group.first + len(group.members) - 1)
        rows.append(TreeRow(group.id, node.path, node.path, place, fold, group.members, numbers))
        if is_open:
            self._add_under(node, group.members, place, rows)

    def _merged(self, node: NodeState) -> tuple[NodeState, str]:
        """Give a lone step its iteration's or branch's row."""
        if node.kind is NodeKind.ITERATION:
            lead = iteration_lead(node.path)
        elif node.kind is NodeKind.ELSE:
            lead = "else"
        else:
            return node, ""
        if len(node.children) == 1:
            child = self._nodes[node.children[0]]
            if child.kind is NodeKind.STEP and not child.children:
                return child, lead
        return node, lead


def arrange(
    children: Sequence[NodePath],
    statuses: Sequence[Status],
    apart: NodePath | None = None,
    stays: NodePath | None = None,
) -> list[NodePath | Group | Apart]:
    """Put the quiet neighbours among many children into groups; what runs or failed stays out."""
    parts: list[NodePath | Group | Apart] = []
    first = 0
    kinds = list(map(_QUIET.get, statuses))
    for one in {apart, stays} - {None}:
        kinds[children.index(one)] = None
    for kind, run in groupby(kinds):
        end = first + len(list(run))
        members = tuple(children[first:end])
        if apart is not None and apart in members:
            parts += [Apart(one, "slowest") if one == apart else one for one in members]
        elif kind is None or len(members) == 1:
            parts += members
        else:
            parts.append(Group(members, first + 1))
        first = end
    return parts


def most_children(node: NodeState) -> int:
    """Say up to how many children all have rows of their own."""
    return FEW_ITERATIONS if node.kind is NodeKind.LOOP else FEW_CHILDREN


def quiet(status: Status) -> Status | None:
    """Say into which kind of group a status falls."""
    return _QUIET.get(status)


@lru_cache(maxsize=1)
def _with_all_above(failed: frozenset[NodePath]) -> Set[NodePath]:
    return with_all_above(failed)


def iteration_lead(path: NodePath) -> str:
    """Take the number out of an iteration's path: `[3]`."""
    return path[path.rindex("[") :] if path.endswith("]") else ""


def _lone_then(nodes: Mapping[NodePath, NodeState], node: NodeState) -> NodePath | None:
    if node.kind is not NodeKind.CONDITION:
        return None
    thens = [child for child in node.children if nodes[child].kind is not NodeKind.ELSE]
    return thens[0] if len(thens) == 1 else None
