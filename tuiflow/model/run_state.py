"""A run as its events tell it: the fold that screen, command line and tests all read."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from tuiflow.model.bulk import uncollected
from tuiflow.model.draft import Draft, plant
from tuiflow.model.events import Event, WorkflowCrashedEvent
from tuiflow.model.failure import Failure
from tuiflow.model.fold import apply
from tuiflow.model.ids import NodePath, root_path, with_all_above
from tuiflow.model.kept_nodes import KeptNodes
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
    before: Mapping[NodePath, NodeState] | None = field(default=None, compare=False, repr=False)
    """The nodes that batch was folded into."""
    failed: frozenset[NodePath] = frozenset()
    """The nodes that failed, and those above them that did."""
    with_media: frozenset[NodePath] = frozenset()
    """The nodes that made media themselves."""

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
        batch = list(events)
        if not batch:
            # Said without a copy: a state that was kept is only read where somebody looks.
            return replace(self, changed=frozenset(), before=self.nodes)
        draft, seq = self._draft(), self.seq
        with uncollected():
            for event in batch:
                if event.seq > seq:
                    apply(draft, event)
                    seq = event.seq
            draft.join()
        return self._of(draft, seq, self.nodes)

    @classmethod
    def of_outline(cls, outline: Outline) -> "RunState":
        """Make the state of a workflow that has not been started."""
        draft = Draft(RunFacts(), {}, dict(outline.walk()))
        plant(draft, outline, root_path(outline.name))
        return cls._of(draft, 0)

    def crashed(self, at: int, reason: str) -> "RunState":
        """Close all that is open, as the run's end does that its log cannot take."""
        draft = self._draft()
        path = self.root or NodePath("")
        apply(draft, WorkflowCrashedEvent(node_path=path, at=at, reason=reason))
        draft.join()
        return self._of(draft, self.seq, self.nodes)

    def _draft(self) -> Draft:
        failed, with_media = set(self.failed), set(self.with_media)
        return Draft(self.run, dict(self.nodes), self.outlines, failed, with_media)

    @classmethod
    def _of(
        cls, draft: Draft, seq: int, before: Mapping[NodePath, NodeState] | None = None
    ) -> "RunState":
        return cls(
            run=draft.run,
            nodes=draft.nodes,
            outlines=draft.outlines,
            seq=seq,
            changed=frozenset(draft.changed),
            before=before,
            failed=frozenset(draft.failed),
            with_media=frozenset(draft.with_media),
        )

    def changed_since(self, earlier: "RunState") -> Iterable[NodePath]:
        """List the paths that may differ from an earlier state: all where they cannot be told."""
        return self.changed if self.before is earlier.nodes else self.nodes

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
        if node.kind is NodeKind.LOOP:
            # Its turns stand as they ran, and there may be a hundred thousand of them.
            turns = (self.nodes[child] for child in reversed(node.children))
            return next((turn for turn in turns if _has_run(turn)), None)
        ran = [each for each in self.begun_children(node) if _has_run(each)]
        if node.kind is NodeKind.PARALLEL:
            stopped = (each for each in ran if node.has_stopped and each.has_stopped)
            return min(stopped, key=lambda child: child.ended_at or 0, default=None)
        return ran[-1] if ran else None

    def first_begun(self, node: NodeState) -> NodeState | None:
        """Find the child that started first."""
        if node.kind is NodeKind.LOOP:
            turns = (self.nodes[child] for child in node.children)
            return next((turn for turn in turns if turn.started_at is not None), None)
        return min(self.begun_children(node), key=lambda child: child.started_at or 0, default=None)

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
        return tuple(dict.fromkeys(self._media_of(path, with_all_above(self.with_media))))

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
        children = self.nodes[path].children
        settled = 0
        for child, status in zip(children, self.statuses(children), strict=True):
            if status is Status.COMPLETED or status is Status.REUSED:
                settled += 1
            elif status is Status.SKIPPED:
                settled += self.nodes[child].is_settled
        return settled, len(children)

    def statuses(self, paths: Iterable[NodePath]) -> list[Status]:
        """Say where nodes stand, as cheaply as it can be known."""
        if isinstance(self.nodes, KeptNodes):
            return self.nodes.statuses(paths)
        return [self.nodes[path].status for path in paths]


def _has_run(node: NodeState) -> bool:
    return node.started_at is not None and node.status is not Status.SKIPPED
