"""Which steps of a tree a typed text finds. Pure."""

from collections.abc import Mapping, Sequence

from tuiflow.model.ids import NodePath, with_all_above
from tuiflow.model.node_state import NodeState
from tuiflow.tui.widgets.finding import wanted_pattern


def hits(nodes: Mapping[NodePath, NodeState], text: str) -> list[NodePath]:
    """List the nodes whose name or error has the text; `!text` those steps that have it not."""
    is_inverse = len(text) > 1 and text.startswith("!")
    wanted = wanted_pattern(text.removeprefix("!") if is_inverse else text)
    if wanted is None:
        return []
    if is_inverse:
        return [
            path
            for path, node in nodes.items()
            if not node.children and wanted.search(_words(node)) is None
        ]
    return [path for path, node in nodes.items() if wanted.search(_words(node))]


def with_parents(found: Sequence[NodePath], root: NodePath | None) -> set[NodePath]:
    """Give nodes together with all that they stand under, and the root in any case."""
    return with_all_above(found if root is None else (root, *found))


def _words(node: NodeState) -> str:
    # Those above have the same failure, and only say how many.
    if node.failure is None or node.children:
        return node.name
    return f"{node.name} {node.failure.summary}"
