"""What a row of the tree stands for."""

from collections.abc import Mapping
from typing import NamedTuple

from tuiflow.model.ids import NodePath
from tuiflow.model.node_state import NodeState


class Spot(NamedTuple):
    """A node, or one of the tries a node has had."""

    path: NodePath
    attempt: int = 0
    """Which of the earlier tries; 0 for the node itself."""

    def node(self, nodes: Mapping[NodePath, NodeState]) -> NodeState:
        """Give the node, as the try has left it."""
        node = nodes[self.path]
        return node.at_try(self.attempt) if self.attempt else node

    def find(self, nodes: Mapping[NodePath, NodeState]) -> NodeState | None:
        """Give the same, or None where there is no such node."""
        return self.node(nodes) if self.path in nodes else None
