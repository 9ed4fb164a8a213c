"""A state while one batch changes it, and how it grows nodes out of the outline."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tuiflow.model.ids import NodePath, child_path, outline_path, parent_path, step_name
from tuiflow.model.node_state import NodeState, RunFacts
from tuiflow.model.outline import NodeKind, Outline
from tuiflow.model.status import FAILED


@dataclass(slots=True)
class Draft:
    """A state being changed by one batch; nobody else ever sees it."""

    run: RunFacts
    nodes: dict[NodePath, NodeState]
    outlines: Mapping[NodePath, Outline]
    """Shared with the state before; replaced by a batch that brings another."""
    failed: set[NodePath] = field(default_factory=set[NodePath])
    with_media: set[NodePath] = field(default_factory=set[NodePath])
    changed: set[NodePath] = field(default_factory=set[NodePath])
    grown: dict[NodePath, list[NodePath]] = field(default_factory=dict[NodePath, list[NodePath]])
    """New children by parent, joined once: a loop's turns one by one would cost their square."""

    def put(self, node: NodeState) -> None:
        path = node.path
        self.nodes[path] = node
        self.changed.add(path)
        if node.status in FAILED:
            self.failed.add(path)
        else:
            self.failed.discard(path)
        if node.media:
            self.with_media.add(path)

    def drop(self, path: NodePath) -> None:
        del self.nodes[path]
        self.failed.discard(path)
        self.with_media.discard(path)

    def node(self, path: NodePath, kind: NodeKind = NodeKind.STEP) -> NodeState:
        """Get a node, grown from the outline or, in a function workflow, from nothing."""
        if path not in self.nodes:
            outline = self.outline_of(path)
            if outline is not None and kind is not NodeKind.ITERATION:
                plant(self, outline, path)
            else:
                self.put(NodeState(path=path, kind=kind, name=step_name(path)))
            self._adopt(path)
        return self.nodes[path]

    def outline_of(self, path: NodePath) -> Outline | None:
        """Find the shape of a node: that of a loop's body is the same in each turn."""
        return self.outlines.get(outline_path(path))

    def _adopt(self, path: NodePath) -> None:
        parent = parent_path(path)
        if parent is None:
            return
        above = self.node(parent, NodeKind.STEPS)
        self.grown.setdefault(above.path, []).append(path)

    def children_of(self, path: NodePath) -> tuple[NodePath, ...]:
        """Give a node's children, those that this batch brought with them."""
        node = self.nodes[path]
        if path in self.grown:
            node = node._replace(children=(*node.children, *self.grown.pop(path)))
            self.put(node)
        return node.children

    def join(self) -> None:
        """Let every node know its new children; nothing is grown after this."""
        for path in list(self.grown):
            self.children_of(path)


def plant(draft: Draft, outline: Outline, path: NodePath) -> None:
    """Put an outline's nodes under a path, all of them pending."""
    children = tuple(child_path(path, child.segment) for child in outline.children)
    draft.grown.pop(path, None)
    draft.put(
        NodeState(
            path=path,
            kind=outline.kind,
            name=outline.name,
            label=outline.label,
            children=children,
        )
    )
    for child, child_at in zip(outline.children, children, strict=True):
        plant(draft, child, child_at)


def plant_below(draft: Draft, path: NodePath) -> tuple[NodePath, ...]:
    """Put what the outline has under a node there, all of it pending; give the children."""
    outline = draft.outline_of(path)
    children = outline.children if outline else ()
    for child in children:
        plant(draft, child, child_path(path, child.segment))
    return tuple(child_path(path, child.segment) for child in children)


def uproot(draft: Draft, above: NodePath) -> None:
    """Take away all that stands under a node."""
    for child in draft.children_of(above):
        uproot(draft, child)
        draft.drop(child)
