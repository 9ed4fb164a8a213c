"""Makes the events of a node's life: one start and one end for each kind of node."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tuiflow.engine.context import Facts, RunContext
from tuiflow.engine.node import Node
from tuiflow.engine.step_io import StepInput, StepOutput
from tuiflow.model import events as ev
from tuiflow.model.content import StoredContent
from tuiflow.model.failure import Failure
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_event import Outcome, RunEvent
from tuiflow.model.session import StateChanges
from tuiflow.model.stored_medium import StoredMedium

Fields = dict[str, Any]
MakeEvent = Callable[[Fields, Facts], RunEvent]


def started(node: Node, step_input: StepInput, ctx: RunContext) -> RunEvent:
    """Say that a node begins, with what it has decided."""
    base = ctx.envelope()
    if node.kind is NodeKind.STEP:
        return ev.StepStartedEvent(
            **base,
            executor_name=node.executor_name,
            executor_type=node.executor_type or "function",
            previous=step_input.previous_path,
            max_attempts=_max_attempts(ctx),
        )
    facts = ctx.facts
    if node.kind is NodeKind.WORKFLOW:
        return _run_begun(base, step_input, ctx)
    base["code"] = node.code
    if node.kind is NodeKind.ROUTER:
        paths = tuple(place.path_under(ctx.node_path) for place in facts.selected)
        return ev.RouterExecutionStartedEvent(**base, selected=paths)
    return _STARTS[node.kind](base, facts)


def _run_begun(base: Fields, step_input: StepInput, ctx: RunContext) -> RunEvent:
    facts, journal = ctx.facts, ctx.scope.journal
    base |= {"revision": facts.revision, "outline": facts.outline}
    base["max_attempts"] = _max_attempts(ctx)
    if journal is not None and facts.outline is not None:
        base |= {"reused": len(journal.gave), "changed": journal.changed_in(facts.outline)}
    if facts.is_resumed:
        return ev.WorkflowResumedEvent(**base)
    return ev.WorkflowStartedEvent(
        **base,
        input=facts.input or StoredContent(),
        additional_data=step_input.additional_data,
        media=facts.media,
    )


@dataclass(frozen=True, slots=True)
class Given:
    """What a step or run gave, as it is stored."""

    content: StoredContent
    media: tuple[StoredMedium, ...] = ()
    state: StateChanges | None = None
    """What is to be saved of the session's state."""
    branch_state: StateChanges | None = None
    """What was changed of a branch's copy of it, which is saved where the branches meet."""


def completed(node: Node, output: StepOutput, given: Given, ctx: RunContext) -> RunEvent:
    """Say that a node has done what it was to do; `given` is what a step or run gave."""
    base = ctx.envelope()
    if node.kind is NodeKind.STEP:
        return ev.StepCompletedEvent(
            **base,
            content=given.content,
            media=given.media,
            success=output.success,
            error=None if output.success else output.error,
            stop=output.stop,
            metrics=output.metrics,
            code=node.code,
            state=given.state,
            branch_state=given.branch_state,
        )
    if node.kind is NodeKind.WORKFLOW:
        return ev.WorkflowCompletedEvent(
            **base,
            content=given.content,
            success=output.success,
            error=None if output.success else output.error,
            media=given.media,
            state=given.state,
        )
    outcome: Outcome = "stopped" if output.stop else "completed" if output.ran else "skipped"
    ended = _composite_ended(node, ctx, outcome)
    if given.state is None and given.branch_state is None:
        return ended
    told = {"state": given.state, "branch_state": given.branch_state}
    return ended.model_copy(update=told)


def retrying(failure: Failure, wait: float, ctx: RunContext) -> RunEvent:
    """Say that an attempt raised, and when the next one begins."""
    return ev.StepRetryingEvent(
        **ctx.envelope(), failure=failure, delay=wait, next_attempt=ctx.attempt + 1
    )


def failed(node: Node, failure: Failure, ctx: RunContext) -> RunEvent:
    """Say that a node raised."""
    if node.kind is NodeKind.STEP:
        return ev.StepErrorEvent(**ctx.envelope(), failure=failure)
    if node.kind is NodeKind.WORKFLOW:
        return ev.WorkflowErrorEvent(**ctx.envelope(), failure=failure)
    return _composite_ended(node, ctx, "error", failure)


def cancelled(node: Node, ctx: RunContext) -> RunEvent:
    """Say that a node was asked to stop and did; or to begin no other try, while it waited."""
    if node.kind is NodeKind.STEP or not ctx.has_begun:
        return ev.StepCancelledEvent(**ctx.envelope(), reason=ctx.because())
    if node.kind is NodeKind.WORKFLOW:
        return ev.WorkflowCancelledEvent(**ctx.envelope(), reason=ctx.because())
    return _composite_ended(node, ctx, "cancelled")


def skipped(reason: str, ctx: RunContext) -> RunEvent:
    """Say that a node will not run, with all that stands under it."""
    return ev.StepSkippedEvent(**ctx.envelope(), reason=reason)


def _max_attempts(ctx: RunContext) -> int:
    retry = ctx.policy.retry
    return ctx.tries_before + (retry.attempts if retry else 1)


def _composite_ended(
    node: Node, ctx: RunContext, outcome: Outcome, failure: Failure | None = None
) -> RunEvent:
    return _ENDS[node.kind]({**ctx.envelope(), "outcome": outcome, "failure": failure}, ctx.facts)


def _side(facts: Facts) -> Literal["then", "else"] | None:
    if facts.takes_else is None:
        return None
    return "else" if facts.takes_else else "then"


_STARTS: dict[NodeKind, MakeEvent] = {
    NodeKind.STEPS: lambda base, facts: ev.StepsExecutionStartedEvent(**base, count=facts.count),
    NodeKind.PARALLEL: lambda base, facts: ev.ParallelExecutionStartedEvent(
        **base, count=facts.count
    ),
    NodeKind.CONDITION: lambda base, facts: ev.ConditionExecutionStartedEvent(
        **base, result=facts.result, branch=_side(facts)
    ),
    NodeKind.LOOP: lambda base, facts: ev.LoopExecutionStartedEvent(
        **base, max_iterations=facts.max_iterations
    ),
    NodeKind.ITERATION: lambda base, facts: ev.LoopIterationStartedEvent(
        **base, iteration=facts.iteration
    ),
}
_ENDS: dict[NodeKind, MakeEvent] = {
    NodeKind.STEPS: lambda end, _: ev.StepsExecutionCompletedEvent(**end),
    NodeKind.PARALLEL: lambda end, facts: ev.ParallelExecutionCompletedEvent(
        **end, count=facts.count
    ),
    NodeKind.CONDITION: lambda end, _: ev.ConditionExecutionCompletedEvent(**end),
    NodeKind.LOOP: lambda end, facts: ev.LoopExecutionCompletedEvent(**end, count=facts.count),
    NodeKind.ITERATION: lambda end, facts: ev.LoopIterationCompletedEvent(
        **end, iteration=facts.iteration, should_continue=facts.should_continue
    ),
    NodeKind.ROUTER: lambda end, _: ev.RouterExecutionCompletedEvent(**end),
}
