"""What is known of a run from before: what its finished steps gave, and what was decided.

Folded from lifecycle events; a run that goes on, and one that begins in the middle, start with it.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeVar

from tuiflow.engine.fingerprint import has_changed
from tuiflow.model import events as ev
from tuiflow.model.failure import Failure
from tuiflow.model.ids import NodePath, Revision, RunId, is_within, outline_path, upwards
from tuiflow.model.media import Medium
from tuiflow.model.outline import Outline
from tuiflow.model.run_event import RunBegunEvent, RunEvent
from tuiflow.model.session import SeenState, StateChanges

Gave = ev.StepCompletedEvent | ev.StepReusedEvent
"""The event that holds what a step gave."""
Restore = Callable[[Gave], Awaitable[tuple[object, tuple[Medium, ...]]]]
"""Gives content and media of an event; raises NotRestorableError."""
E = TypeVar("E", bound=RunEvent)
_DECIDED = ("completed", "stopped")


@dataclass(slots=True)
class Journal:
    """The past of one run; `restore` reads its contents, one when it is asked for."""

    run_id: RunId
    restore: Restore
    has_begun: bool = False
    """Whether the run itself was started before; else it only takes over from another."""
    gave: dict[NodePath, Gave] = field(default_factory=dict[NodePath, Gave])
    failures: dict[NodePath, Failure] = field(default_factory=dict[NodePath, Failure])
    """How nodes failed that were not begun again since."""
    decisions: dict[NodePath, RunEvent] = field(default_factory=dict[NodePath, RunEvent])
    """The starts of nodes that decide something; of nested runs, their id."""
    revisions: set[Revision] = field(default_factory=set[Revision])
    """Of the code that made all this."""
    turns: dict[NodePath, bool] = field(default_factory=dict[NodePath, bool])
    """Of a loop's turns that ended, whether there was to be another."""
    attempts: dict[NodePath, int] = field(default_factory=dict[NodePath, int])
    previous: dict[NodePath, NodePath | None] = field(
        default_factory=dict[NodePath, NodePath | None]
    )
    met: dict[NodePath, StateChanges | None] = field(
        default_factory=dict[NodePath, StateChanges | None]
    )
    """What Parallels whose branches have met made of the state of the branch they stand in."""
    left: dict[NodePath, list[StateChanges]] = field(
        default_factory=dict[NodePath, list[StateChanges]]
    )
    """What nested runs that were tried again had made of it by then."""
    state: SeenState = field(default_factory=SeenState)
    """What the run's steps have made of its state, for a run without a session to keep it."""
    cancelled: set[NodePath] = field(default_factory=set[NodePath])
    """Steps that were cancelled and not begun again since."""
    absorbed: set[NodePath] = field(default_factory=set[NodePath])
    """Nodes that failed and were passed over: what failed inside them fails again as it did."""

    def learn(self, events: Iterable[ev.Event]) -> None:
        """Take in the next events of the run, or of the one it takes over from."""
        for event in events:
            if self.is_own(event) and (changes := ev.state_changes(event)) is not None:
                self.state.keep(changes)
            match event:
                case ev.StepStartedEvent():
                    self._begin_step(event)
                case ev.StepCompletedEvent():
                    self.gave[event.node_path] = event
                case ev.StepReusedEvent():
                    # One of the same run holds nothing new.
                    if event.source_run_id != event.run_id:
                        self.gave.setdefault(event.node_path, event)
                case ev.StepErrorEvent() | ev.StepCancelledEvent():
                    self._end_badly(event)
                case _:
                    self._learn_composite(event)

    def recall(self, path: NodePath, kind: type[E]) -> E | None:
        """Give the start of a node with what it decided; None where it is to decide now."""
        found = self.decisions.get(path)
        return found if isinstance(found, kind) else None

    def is_own(self, event: RunEvent) -> bool:
        """Say whether an event is of the run itself."""
        return event.run_id == self.run_id

    def absorbs(self, path: NodePath) -> bool:
        """Say whether a node failed here, or inside something, that was passed over."""
        return not self.absorbed.isdisjoint(upwards(path))

    def changed_in(self, outline: Outline) -> tuple[NodePath, ...]:
        """Name the nodes of a shape whose results are reused though their code is another now."""
        now = {path: node.code for path, node in outline.walk()}
        decided = (
            each for each in self.decisions.values() if isinstance(each, ev.CompositeStartedEvent)
        )
        found = dict.fromkeys(
            place
            for event in chain(self.gave.values(), decided)
            if has_changed(event.code, now.get(place := outline_path(event.node_path), ""))
        )
        return tuple(found)

    def branch_changes(self, path: NodePath) -> StateChanges | None:
        """Give what a node changed of its branch's state, unless that is in what met above it."""
        if any(above in self.met for above in upwards(path) if above != path):
            return None
        if path in self.met:
            return self.met[path]
        gave = self.gave.get(path)
        own = isinstance(gave, ev.StepCompletedEvent) and self.is_own(gave)
        return gave.branch_state if own and isinstance(gave, ev.StepCompletedEvent) else None

    def forget(self, path: NodePath) -> None:
        """Forget what a nested run did, for the next try of it does it anew."""
        inside = [each for each in self.gave if is_within(each, path)]
        changes = [*self.left.get(path, ()), *map(self.branch_changes, inside)]
        self.decisions.pop(path, None)
        self.failures.pop(path, None)
        of_nodes: tuple[dict[NodePath, Any], ...] = (
            self.gave,
            self.failures,
            self.decisions,
            self.turns,
            self.attempts,
            self.previous,
            self.met,
            self.left,
        )
        for known in of_nodes:
            for each in [each for each in known if each != path and is_within(each, path)]:
                del known[each]
        self.left[path] = [each for each in changes if each is not None]

    def _begin_step(self, event: ev.StepStartedEvent) -> None:
        path = event.node_path
        self.failures.pop(path, None)
        self.gave.pop(path, None)
        self.cancelled.discard(path)
        self.previous[path] = event.previous
        if self.is_own(event):
            self.attempts[path] = event.attempt

    def _end_badly(self, event: ev.StepErrorEvent | ev.StepCancelledEvent) -> None:
        if isinstance(event, ev.StepErrorEvent):
            self.failures[event.node_path] = event.failure
        else:
            self.cancelled.add(event.node_path)

    def _begin_run(self, event: RunEvent) -> None:
        if event.nested_run_id is None:
            self.has_begun = True
        else:
            self.decisions[event.node_path] = event
            self.attempts[event.node_path] = event.attempt

    def _learn_composite(self, event: ev.Event) -> None:
        path = event.node_path
        match event:
            case RunBegunEvent():
                self.revisions |= {event.revision} if event.revision else set()
                if self.is_own(event):
                    self._begin_run(event)
            case ev.StepRetryingEvent() if path not in self.previous:
                self.forget(path)  # no step's, but a nested run's
            case ev.WorkflowCompletedEvent():
                self.failures.pop(path, None)
            case ev.WorkflowErrorEvent():
                self.failures[path] = event.failure
            case ev.CompositeStartedEvent():
                self.decisions[path] = event
            case ev.CompositeCompletedEvent():
                self._end_composite(event)
            case _:
                pass

    def _end_composite(self, event: ev.CompositeCompletedEvent) -> None:
        path = event.node_path
        if event.outcome in _DECIDED:
            self.failures.pop(path, None)
        if event.outcome == "error" and event.failure is not None:
            self.failures[path] = event.failure
            if _is_undecided(self.decisions.get(path)):
                del self.decisions[path]
        if isinstance(event, ev.LoopIterationCompletedEvent) and event.outcome in _DECIDED:
            self.turns[path] = event.should_continue
        if isinstance(event, ev.ParallelExecutionCompletedEvent) and event.outcome in _DECIDED:
            self.met[path] = event.branch_state or self.met.get(path)


def _is_undecided(event: RunEvent | None) -> bool:
    # An evaluator or selector that raised has decided nothing.
    match event:
        case ev.ConditionExecutionStartedEvent():
            return event.result is None
        case ev.RouterExecutionStartedEvent():
            return not event.selected
        case _:
            return False
