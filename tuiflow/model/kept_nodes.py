"""The nodes of a state that was kept: each stands as text until somebody asks for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from pydantic import TypeAdapter

from tuiflow.model.ids import NodePath, path_name
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.status import Status


class KeptNodes(Mapping[NodePath, NodeState]):
    """Reads a node when it is asked for: of a hundred thousand a screen shows forty.

    One that cannot be read stands there all the same, without anything known of it.
    """

    def __init__(
        self, paths: Sequence[NodePath], statuses: Sequence[Status], texts: Sequence[bytes]
    ) -> None:
        self._texts = dict(zip(paths, texts, strict=True))
        self._statuses = dict(zip(paths, statuses, strict=True))
        _node()  # Made here, off the loop, where the whole is read.
        self._read: dict[NodePath, NodeState] = {}

    def __getitem__(self, path: NodePath) -> NodeState:
        try:
            return self._read[path]
        except KeyError:
            node = self._read[path] = self._made(path, self._texts[path])
            return node

    def __contains__(self, path: object) -> bool:
        return path in self._texts

    def __iter__(self) -> Iterator[NodePath]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def statuses(self, paths: Iterable[NodePath]) -> list[Status]:
        """Say where nodes stand without reading them: a loop has many turns."""
        return [self._statuses[path] for path in paths]

    def _made(self, path: NodePath, text: bytes) -> NodeState:
        try:
            node = read_node(text)
        except (ValueError, RecursionError):
            return NodeState(path, NodeKind.STEP, path_name(path), status=self._statuses[path])
        children = tuple(child for child in node.children if self._stands_under(path, child))
        if node.path == path and len(children) == len(node.children):
            return node
        return node._replace(path=path, children=children)

    def _stands_under(self, path: NodePath, child: NodePath) -> bool:
        # Nodes that held each other would be gone through for ever.
        return child in self._texts and child.startswith(path) and child != path


def write_node(node: NodeState) -> bytes:
    """Write a node as `KeptNodes` reads it; raises ValueError for what JSON cannot hold."""
    return _node().dump_json(node)


def read_node(text: bytes) -> NodeState:
    """Read what `write_node` has written; raises ValueError for anything else."""
    return _node().validate_json(text)


@cache
def _node() -> TypeAdapter[NodeState]:
    return TypeAdapter(NodeState)
