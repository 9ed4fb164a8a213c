"""A run's tree as rich draws it: a sign, a name, a word about it, how long it took."""

from collections.abc import Iterator, Sequence

from rich.text import Text
from rich.tree import Tree

from tuiflow.model.clock import now
from tuiflow.model.ids import NodePath
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.safe_text import safe_text
from tuiflow.model.status import Status
from tuiflow.model.words import duration, glyph

STYLES: dict[Status, str] = {
    Status.PENDING: "dim",
    Status.RUNNING: "cyan",
    Status.PAUSED: "yellow",
    Status.COMPLETED: "green",
    Status.ERROR: "red",
    Status.CANCELLED: "magenta",
    Status.CRASHED: "red",
    Status.SKIPPED: "dim",
    Status.REUSED: "green",
}
LONGEST_NOTE = 80  # characters
_QUIET = frozenset({Status.PENDING, Status.SKIPPED, Status.COMPLETED, Status.REUSED})
_UNTIMED = frozenset({Status.PENDING, Status.SKIPPED, Status.REUSED})


def draw_tree(state: RunState, *, most: int) -> Tree:
    """Draw all nodes; of more than `most` children of one node those that matter most."""
    root = state.root
    if root is None:
        return Tree("")
    tree = Tree(_label(state.nodes[root], is_root=True), guide_style="dim")
    _grow(tree, state, root, most)
    return tree


def one_line(text: str) -> str:
    """Make it harmless and one line."""
    return safe_text(text).replace("\n", " ")


def _grow(tree: Tree, state: RunState, above: NodePath, most: int) -> None:
    for shown in _chosen([state.nodes[path] for path in state.nodes[above].children], most):
        if isinstance(shown, int):
            tree.add(Text(f"… {shown} more", style="dim"))
        else:
            _grow(tree.add(_label(shown)), state, shown.path, most)


def _chosen(nodes: Sequence[NodeState], most: int) -> Iterator[NodeState | int]:
    kept = set(range(len(nodes)))
    if len(nodes) > most:
        # What runs or went wrong, then what comes next, then what was last.
        rank = sorted(kept, key=lambda at: (nodes[at].status in _QUIET, _age(nodes, at)))
        kept = set(rank[:most])
    left_out = 0
    for at, node in enumerate(nodes):
        if at not in kept:
            left_out += 1
            continue
        if left_out:
            yield left_out
            left_out = 0
        yield node
    if left_out:
        yield left_out


def _age(nodes: Sequence[NodeState], at: int) -> int:
    return at if nodes[at].status is Status.PENDING else len(nodes) + len(nodes) - at


def _label(node: NodeState, *, is_root: bool = False) -> Text:
    style = STYLES[node.status]
    label = Text(no_wrap=True, overflow="ellipsis")
    label.append(f"{glyph(node.status)} ", style)
    label.append(one_line(node.name), _name_style(node, is_root=is_root))
    for note in (_note(node), _time(node)):
        if note:
            label.append(f"  {note}", "red" if note.startswith("!") else "dim")
    return label


def _name_style(node: NodeState, *, is_root: bool) -> str:
    if node.status in {Status.PENDING, Status.SKIPPED}:
        return "dim"
    if node.status in {Status.ERROR, Status.CRASHED}:
        return "bold red"
    return "bold" if is_root else ""


def _note(node: NodeState) -> str:
    said = node.decision or node.reason
    if node.failure is not None and node.kind is NodeKind.STEP:
        said = node.failure.summary
    elif node.status is Status.RUNNING and node.progress is not None:
        progress = node.progress
        total = f"/{progress.total:g}" if progress.total is not None else ""
        said = f"{progress.done:g}{total} {progress.message}".rstrip()
    line = one_line(said)
    return line if len(line) <= LONGEST_NOTE else f"{line[: LONGEST_NOTE - 1]}…"


def _time(node: NodeState) -> str:
    if node.started_at is None or node.status in _UNTIMED:
        return ""
    ended_at = node.ended_at or now()
    return duration(ended_at - node.started_at)
