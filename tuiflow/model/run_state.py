"""A run as its events tell it: the fold that screen, command line and tests all read."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from tuiflow.model.bulk import uncollected
from tuiflow.model.draft import Draft, plant
from tuiflow.model.events import Event, WorkflowCrashedEvent
from tuiflow.model.failure import Failure
from tuiflow.model.fold import apply
from tuiflow.model.ids import NodePath, parent_path, root_path
from tuiflow.model.node_state import NodeState, RunFacts
from tuiflow.model.outline import NodeKind, Outline
from tuiflow.model.status import Status
from tuiflow.model.stored_medium import StoredMedium


@dataclass(frozen=True, slots=True)
class RunState:
    """The fold of a run's events so far: start with `RunState()` and give it batches."""

    run: RunFacts = field(default_factory=RunFacts)
    nodes: Mapping[NodePath, NodeState] = field(default_factory=dict[NodePath, NodeState])
    outlines: Mapping[NodePath, Outline] = field(default_factory=dict[NodePath, Outline])
    """The shape, by path without iteration numbers: what each turn of a loop looks like."""
    seq: int = 0
    changed: frozenset[NodePath] = frozenset()
    """The paths the last batch touched."""

    @property
    def status(self) -> Status:
        return self.run.status

    @property
    def failure(self) -> Failure | None:
        return self.run.failure

    @property
    def root(self) -> NodePath | None:
        """The workflow's own path; None before anything is known."""
        return next(iter(self.nodes), None)

    def after(self, events: Iterable[Event]) -> "RunState":
        """Fold the next events in, in the order of their seq; earlier ones are passed over."""
        draft = Draft(self.run, dict(self.nodes), self.outlines)
        seq = self.seq
        with uncollected():
            for event in events:
                if event.seq > seq:
                    apply(draft, event)
                    seq = event.seq
            draft.join()
        return RunState(draft.run, draft.nodes, draft.outlines, seq, frozenset(draft.changed))

    @classmethod
    def of_outline(cls, outline: Outline) -> "RunState":
        """Make the state of a workflow that has not been started."""
        draft = Draft(RunFacts(), {}, dict(outline.walk()))
        plant(draft, outline, root_path(outline.name))
        return cls(draft.run, draft.nodes, draft.outlines, 0, frozenset(draft.changed))

    def crashed(self, at: int, reason: str) -> "RunState":
        """Close all that is open, as the run's end does that its log cannot take."""
        draft = Draft(self.run, dict(self.nodes), self.outlines)
        path = self.root or NodePath("")
        apply(draft, WorkflowCrashedEvent(node_path=path, at=at, reason=reason))
        draft.join()
        return RunState(draft.run, draft.nodes, draft.outlines, self.seq, frozenset(draft.changed))

    def content_path(self, path: NodePath) -> NodePath | None:
        """Find the step whose content stands for this node's: a composite's last executed one.

        None where there is no single one: a Parallel's is all of its children's together.
        """
        node = self.nodes.get(path)
        while node is not None and node.content is None:
            node = self.speaker_of(node)
        return node.path if node else None

    def speaker_of(self, node: NodeState) -> NodeState | None:
        """Find the child whose content is its composite's; None for a Parallel and a failed one."""
        if node.gave_nothing:
            return None
        ran = [each for each in self.begun_children(node) if each.status is not Status.SKIPPED]
        if node.kind is NodeKind.PARALLEL:
            stopped = (each for each in ran if node.has_stopped and each.has_stopped)
            return min(stopped, key=lambda child: child.ended_at or 0, default=None)
        return ran[-1] if ran else None

    def begun_children(self, node: NodeState) -> list[NodeState]:
        """List a composite's children that have started: as they ran, side by side as defined."""
        children = [self.nodes[child] for child in node.children]
        begun = [child for child in children if child.started_at is not None]
        if node.kind is not NodeKind.PARALLEL:
            begun.sort(key=lambda child: child.started_at or 0)
        return begun

    def media_of(self, path: NodePath) -> tuple[StoredMedium, ...]:
        """List what a node made, with what was made inside it, in order; each once."""
        # Few nodes make any, and a composite may have a hundred thousand inside it.
        return tuple(dict.fromkeys(self._media_of(path, self._nodes_with_media())))

    def _nodes_with_media(self) -> set[NodePath]:
        found: set[NodePath] = set()
        for node in self.nodes.values():
            above = node.path if node.media else None
            while above is not None and above not in found:
                found.add(above)
                above = parent_path(above)
        return found

    def _media_of(self, path: NodePath, known: Set[NodePath]) -> Iterator[StoredMedium]:
        if path in known:
            node = self.nodes[path]
            for child in self.begun_children(node):
                yield from self._media_of(child.path, known)
            yield from node.media

    def counts(self, path: NodePath) -> tuple[int, int]:
        """Count a composite's children that are settled, and all of them.

        One that was decided against is settled; one that failed or was never reached is not.
        """
        children = [self.nodes[child] for child in self.nodes[path].children]
        return sum(child.is_settled for child in children), len(children)
