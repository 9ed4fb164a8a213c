"""What each kind of event does to the state: the rules of `RunState.after`."""

from dataclasses import replace
from typing import Any

from tuiflow.model import events as ev
from tuiflow.model.draft import Draft, plant, plant_below, uproot
from tuiflow.model.event_status import OUTCOMES
from tuiflow.model.ids import NodePath, child_path, path_name
from tuiflow.model.node_state import (
    NOT_CHOSEN,
    NOT_REACHED,
    NOT_TAKEN,
    NodeState,
    Progress,
    RunFacts,
)
from tuiflow.model.outline import NodeKind
from tuiflow.model.status import Status


def apply(draft: Draft, event: ev.Event) -> None:
    """Change the draft as one event says; what only fills a pane changes nothing."""
    # The usual kinds first: each "is it one of these" about a model class costs a microsecond.
    match event:
        case ev.StepStartedEvent() | ev.StepReusedEvent() | ev.StepSkippedEvent():
            _begin_step(draft, event)
        case (
            ev.StepCompletedEvent()
            | ev.StepErrorEvent()
            | ev.StepRetryingEvent()
            | ev.StepCancelledEvent()
        ):
            _end_step(draft, event)
        case ev.StepProgressEvent():
            progress = Progress(event.done, event.total, event.message)
            draft.put(draft.node(event.node_path)._replace(progress=progress))
        case ev.CompositeStartedEvent():
            _begin_composite(draft, event)
        case ev.CompositeCompletedEvent():
            _end_composite(draft, event)
        case _:
            _apply_to_workflow(draft, event)


def _apply_to_workflow(draft: Draft, event: ev.Event) -> None:
    match event:
        case ev.WorkflowStartedEvent() | ev.WorkflowResumedEvent():
            _begin_workflow(draft, event)
        case (
            ev.WorkflowCompletedEvent()
            | ev.WorkflowErrorEvent()
            | ev.WorkflowCancelledEvent()
            | ev.WorkflowCrashedEvent()
        ):
            _end_workflow(draft, event)
        case _:
            pass


def _begin_step(
    draft: Draft, event: ev.StepStartedEvent | ev.StepReusedEvent | ev.StepSkippedEvent
) -> None:
    node = draft.node(event.node_path)
    match event:
        case ev.StepStartedEvent():
            given = {
                "executor_name": event.executor_name,
                "executor_type": event.executor_type,
                "previous": event.previous,
                "max_attempts": event.max_attempts,
            }
            draft.put(node.tried(event.attempt, event.at, **given))
        case ev.StepReusedEvent():
            draft.put(_reused(node, event))
        case ev.StepSkippedEvent():
            draft.put(node._replace(status=Status.SKIPPED, reason=event.reason))
            _skip_pending(draft, node.path, event.reason)


def _reused(node: NodeState, event: ev.StepReusedEvent) -> NodeState:
    said: dict[str, Any] = {"had_success": event.success, "has_stopped": event.stop}
    said |= {"status": Status.REUSED, "reason": event.error or ""}
    if event.source_run_id == event.run_id:
        # What it gave, and when, is known from its own end, in an earlier episode.
        return node._replace(**said)
    said |= {"started_at": event.at, "ended_at": event.at, "previous": event.previous}
    said |= {"reused_from": event.source_run_id, "content": event.content, "media": event.media}
    return node._replace(**said)


def _end_step(
    draft: Draft,
    event: ev.StepCompletedEvent | ev.StepErrorEvent | ev.StepRetryingEvent | ev.StepCancelledEvent,
) -> None:
    node = draft.node(event.node_path)
    match event:
        case ev.StepCompletedEvent():
            said: dict[str, Any] = {"had_success": event.success, "has_stopped": event.stop}
            said["reason"] = event.error or ""
            said["media"] = event.media
            node = node.ended(Status.COMPLETED, event.at, content=event.content, **said)
        case ev.StepErrorEvent():
            node = node.ended(Status.ERROR, event.at, event.failure)
        case ev.StepCancelledEvent():
            node = node.ended(Status.CANCELLED, event.at, reason=event.reason)
        case ev.StepRetryingEvent():
            reason = f"{node.name_try(event.next_attempt)} in {event.delay:.1f} s"
            node = node.ended(Status.RUNNING, event.at, event.failure, ended_at=None, reason=reason)
    draft.put(node)


def _begin_composite(draft: Draft, event: ev.CompositeStartedEvent) -> None:
    match event:
        case ev.ParallelExecutionStartedEvent():
            draft.put(draft.node(event.node_path, NodeKind.PARALLEL).started(event.at))
        case ev.StepsExecutionStartedEvent():
            draft.put(draft.node(event.node_path, NodeKind.STEPS).started(event.at))
        case ev.ConditionExecutionStartedEvent():
            _begin_condition(draft, event)
        case ev.RouterExecutionStartedEvent():
            _begin_router(draft, event)
        case ev.LoopExecutionStartedEvent():
            # The body was drawn once to show what will come; now its iterations take its place.
            node = draft.node(event.node_path, NodeKind.LOOP)
            if any(draft.nodes[child].kind is NodeKind.ITERATION for child in node.children):
                draft.put(node.started(event.at))
                return
            uproot(draft, node.path)
            draft.put(node.started(event.at, children=()))
        case ev.LoopIterationStartedEvent():
            _begin_iteration(draft, event)
        case _:
            pass


def _end_composite(draft: Draft, event: ev.CompositeCompletedEvent) -> None:
    status = OUTCOMES[event.outcome]
    has_stopped = event.outcome == "stopped"
    node = draft.node(event.node_path)
    node = node.ended(status, event.at, event.failure, has_stopped=has_stopped)
    draft.put(node)
    for child in draft.children_of(node.path):
        side = draft.nodes[child]
        if side.kind is NodeKind.ELSE and side.status is Status.RUNNING:
            draft.put(side.ended(status, event.at))
    if event.outcome != "completed":
        _skip_pending(draft, node.path, NOT_REACHED)


def _begin_condition(draft: Draft, event: ev.ConditionExecutionStartedEvent) -> None:
    node = draft.node(event.node_path, NodeKind.CONDITION)
    decision = f"{event.result} → {event.branch or 'skipped'}"
    draft.put(node.started(event.at, decision=decision))
    if event.branch == "else":
        # In a function workflow there is no outline that has it already.
        draft.node(child_path(node.path, "else"), NodeKind.ELSE)
    for child in draft.children_of(node.path):
        is_else = draft.nodes[child].kind is NodeKind.ELSE
        if is_else and event.branch == "else":
            draft.put(draft.nodes[child].started(event.at))
        elif is_else or event.branch != "then":
            _skip(draft, child, NOT_TAKEN)


def _begin_router(draft: Draft, event: ev.RouterExecutionStartedEvent) -> None:
    node = draft.node(event.node_path, NodeKind.ROUTER)
    chosen = ", ".join(path_name(path) for path in event.selected) or "nothing"
    draft.put(node.started(event.at, decision=f"→ {chosen}"))
    for child in draft.children_of(node.path):
        if child not in event.selected:
            _skip(draft, child, NOT_CHOSEN)


def _begin_iteration(draft: Draft, event: ev.LoopIterationStartedEvent) -> None:
    path = event.node_path
    node = draft.node(path, NodeKind.ITERATION)
    known = draft.children_of(path)
    if known:
        draft.put(node.started(event.at, children=known))
        return
    draft.put(node.started(event.at, children=plant_below(draft, path)))


def _skip(draft: Draft, path: NodePath, reason: str) -> None:
    draft.put(draft.nodes[path]._replace(status=Status.SKIPPED, reason=reason))
    _skip_pending(draft, path, reason)


def _skip_pending(draft: Draft, above: NodePath, reason: str) -> None:
    for child in draft.children_of(above):
        if draft.nodes[child].status is Status.PENDING:
            draft.put(draft.nodes[child]._replace(status=Status.SKIPPED, reason=reason))
        _skip_pending(draft, child, reason)


def _begin_workflow(draft: Draft, event: ev.WorkflowStartedEvent | ev.WorkflowResumedEvent) -> None:
    path = event.node_path
    if event.outline is not None:
        draft.outlines = {**draft.outlines, **dict(event.outline.walk())}
    if isinstance(event, ev.WorkflowStartedEvent) and event.outline is not None:
        plant(draft, event.outline, path)
    node = draft.node(path, NodeKind.WORKFLOW)
    if event.nested_run_id is not None:
        _begin_nested(draft, node, event)
        return
    draft.put(node.started(event.at))
    draft.run = replace(
        draft.run.with_pause(draft.run.ended_at, event.at),
        run_id=event.run_id,
        status=Status.RUNNING,
        episode=event.episode,
        started_at=draft.run.started_at or event.at,
        ended_at=None,
        revision=event.revision,
        failure=None,
        reason="",
    )
    if isinstance(event, ev.WorkflowStartedEvent):
        given = {"input": event.input, "additional_data": event.additional_data}
        draft.run = replace(draft.run, **given, media=event.media)
    else:
        _reopen(draft, path)


def _begin_nested(
    draft: Draft, node: NodeState, event: ev.WorkflowStartedEvent | ev.WorkflowResumedEvent
) -> None:
    if node.nested_run_id not in (None, event.nested_run_id):
        # Another try is another run: what the last one has done is not this one's.
        uproot(draft, node.path)
        node = node._replace(children=plant_below(draft, node.path))
    said: dict[str, Any] = {"nested_run_id": event.nested_run_id}
    said["max_attempts"] = event.max_attempts
    if isinstance(event, ev.WorkflowStartedEvent):
        said["input"] = event.input
    draft.put(node.tried(event.attempt, event.at, **said))


def _reopen(draft: Draft, path: NodePath) -> None:
    for node in list(draft.nodes.values()):
        # What was finished stays as it was; all else of the last episode is to be done still.
        is_open = node.gave_nothing or (node.status, node.reason) == (Status.SKIPPED, NOT_REACHED)
        if is_open and node.path != path:
            draft.put(node.reopened())


def _end_workflow(
    draft: Draft,
    event: ev.WorkflowCompletedEvent
    | ev.WorkflowErrorEvent
    | ev.WorkflowCancelledEvent
    | ev.WorkflowCrashedEvent,
) -> None:
    node = draft.node(event.node_path, NodeKind.WORKFLOW)
    end = RunFacts(ended_at=event.at)
    match event:
        case ev.WorkflowCompletedEvent():
            end = replace(end, status=Status.COMPLETED, content=event.content)
        case ev.WorkflowErrorEvent():
            end = replace(end, status=Status.ERROR, failure=event.failure)
        case ev.WorkflowCancelledEvent():
            end = replace(end, status=Status.CANCELLED, reason=event.reason)
        case ev.WorkflowCrashedEvent():
            draft.run = draft.run.with_pause(event.last_heartbeat, event.at)
            end = replace(end, status=Status.CRASHED, reason=event.reason)
    said: dict[str, Any] = {"reason": end.reason}
    if isinstance(event, ev.WorkflowCompletedEvent):
        said["media"] = event.media
    if event.nested_run_id is not None:
        said |= _said_by_nested(event, end)
    draft.put(node.ended(end.status, event.at, end.failure, **said))
    if event.nested_run_id is None:
        draft.run = replace(
            draft.run,
            status=end.status,
            ended_at=end.ended_at,
            content=end.content,
            failure=end.failure,
            reason=end.reason,
        )
        _close_open(draft, end.status, event.at)
    _skip_pending(draft, node.path, NOT_REACHED)


def _said_by_nested(event: ev.Event, end: RunFacts) -> dict[str, Any]:
    said: dict[str, Any] = {"content": end.content}
    if isinstance(event, ev.WorkflowCompletedEvent):
        said |= {"had_success": event.success, "reason": event.error or ""}
    return said


def _close_open(draft: Draft, status: Status, at: int) -> None:
    # A crash, and a kill, leave starts without their ends: by definition they end here.
    for node in list(draft.nodes.values()):
        if node.status is Status.RUNNING:
            left_as = Status.CRASHED if status is Status.CRASHED else Status.CANCELLED
            is_else = node.kind is NodeKind.ELSE
            draft.put(node.ended(status if is_else else left_as, at))
