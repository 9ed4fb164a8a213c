"""What holds of every run's events, and of the run they tell."""

from collections.abc import Mapping, Sequence
from typing import Any

from tuiflow.engine import StepOutput
from tuiflow.engine.session import open_session
from tuiflow.model.events import (
    CHATTER_KINDS,
    RUN_END_KINDS,
    Event,
    StepCancelledEvent,
    StepRetryingEvent,
    StepSkippedEvent,
    state_changes,
)
from tuiflow.model.ids import NodePath, parent_path
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.session import SeenState
from tuiflow.model.snapshot import read_snapshot, write_snapshot
from tuiflow.model.status import Status
from tuiflow.workflow.recorded import Recorded

Key = tuple[NodePath, int]


def check_laws(events: Sequence[Event]) -> None:
    """Every start has one end, parents hold their children, seq has no gaps, one terminal event."""
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[0].kind == "WorkflowStarted"
    ends = [e for e in events if e.kind in RUN_END_KINDS and e.nested_run_id is None]
    assert ends == [events[-1]]
    running: set[Key] = set()
    waiting: set[Key] = set()
    failed_runs: set[Key] = set()
    for event in events:
        key = (event.node_path, event.attempt)
        if event.kind.endswith("Started"):
            assert not any(path == event.node_path for path, _ in running)
            above = parent_path(event.node_path)
            assert above is None or _is_running(above, running)
            running.add(key)
            waiting.discard(key)
        elif event.kind in CHATTER_KINDS:
            assert key in running
        elif isinstance(event, StepSkippedEvent):
            above = parent_path(event.node_path)
            assert above is not None
            assert _is_running(above, running)
            assert not any(path == event.node_path for path, _ in running)
        else:
            _check_end(event, key, running, waiting, failed_runs)
    assert not running
    assert not waiting


def _check_end(
    event: Event, key: Key, running: set[Key], waiting: set[Key], failed_runs: set[Key]
) -> None:
    if isinstance(event, StepCancelledEvent) and key in waiting:
        waiting.remove(key)  # this attempt never began: it was cancelled while it was waited for
        return
    if isinstance(event, StepRetryingEvent) and key in failed_runs:
        waiting.add((event.node_path, event.next_attempt))  # a nested run, tried again as another
        return
    if event.kind == "WorkflowError":
        failed_runs.add(key)
    running.remove(key)
    inside = (f"{event.node_path}/", f"{event.node_path}[")
    assert not any(path.startswith(inside) for path, _ in {*running, *waiting})
    if isinstance(event, StepRetryingEvent):
        assert event.next_attempt == event.attempt + 1
        waiting.add((event.node_path, event.next_attempt))


def _is_running(path: NodePath, running: set[Key]) -> bool:
    # An else-side has no life of its own: it stands in the condition's.
    above = parent_path(path) if path.endswith("/else") else None
    return any(open_path in {path, above} for open_path, _ in running)


def kept(state: RunState) -> RunState:
    """Write a state as it is kept beside a run's events, and read it back."""
    raw = write_snapshot(state)
    assert raw is not None
    read = read_snapshot(raw)
    assert read is not None
    return read


def check_state(events: Sequence[Event]) -> RunState:
    """The fold ends with every node, knows every child, and is the same in one go and in steps."""
    state = RunState().after(events)
    slowly = RunState()
    for event in events:
        slowly = slowly.after([event])
    assert slowly.nodes == state.nodes
    assert slowly.run == state.run
    half = len(events) // 2
    later = kept(RunState().after(events[:half])).after(events[half:])
    assert (later.nodes, later.run) == (state.nodes, state.run)
    assert all(node.status.is_final for node in state.nodes.values())
    for path, node in state.nodes.items():
        above = parent_path(path)
        assert above is None or path in state.nodes[above].children
        assert all(attempt.ended_at is not None for attempt in node.attempts)
    return state


def check_session(events: Sequence[Event], kept: Mapping[str, Any]) -> None:
    """What was kept of the session's state is what the events say was changed of it."""
    told = SeenState()
    for event in events:
        if (changes := state_changes(event)) is not None:
            told.keep(changes)
    assert open_session({}, told.values, {}).values == kept


def check_outputs(events: Sequence[Event], given: Sequence[StepOutput]) -> None:
    """What the run gave is what its events say."""
    recorded = Recorded(events)
    state = recorded.state
    assert state.root is not None
    for told, output in zip(recorded.outputs(state.root), given, strict=True):
        assert _told(told) == _told(output)
        _check_paths(state, output)


def _told(output: StepOutput) -> tuple[object, ...]:
    # Steps that a function calls at once are told in the order they began, and given in that of
    # their calls.
    may_be_by_hand = output.step_type == NodeKind.WORKFLOW
    steps = sorted(output.steps, key=_place) if may_be_by_hand else output.steps
    inside = [_told(each) for each in steps]
    return (
        output.step_name,
        output.step_type,
        output.node_path,
        output.content,
        output.success,
        output.error,
        output.ran,
        output.step_run_id,
        sorted((medium.kind, medium.id) for medium in output.media),
        inside,
    )


def _place(output: StepOutput) -> str:
    return output.node_path or ""


def _check_paths(state: RunState, output: StepOutput) -> None:
    assert output.node_path is not None
    node = state.nodes[output.node_path]
    assert (node.status is Status.SKIPPED) == (not output.ran)
    found = state.content_path(output.node_path)
    if found is not None and not output.stop:
        assert found == output.content_path
    for inside in output.steps:
        _check_paths(state, inside)
