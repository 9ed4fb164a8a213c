"""Takes a node's part of the journal instead of running it."""

from dataclasses import dataclass

from anyio.lowlevel import checkpoint

from tuiflow.engine.context import RunContext
from tuiflow.engine.journal import Gave, Journal
from tuiflow.engine.node import Node, OnError
from tuiflow.engine.step_io import CANCELLED, StepOutput
from tuiflow.model.content import NotRestorableError, StoredContent
from tuiflow.model.events import StepCompletedEvent, StepReusedEvent
from tuiflow.model.failure import Failure
from tuiflow.model.media import by_kind
from tuiflow.model.outline import NodeKind


@dataclass(frozen=True, slots=True)
class Kept:
    """A step that is over: what it gave, and the event that says so."""

    output: StepOutput
    event: StepReusedEvent
    failure: Exception | None = None
    """What it raised, where the run went on in spite of it."""


class CancelledBeforeError(Exception):
    """The step was cancelled in an earlier episode, by what failed beside it."""


async def find_kept(journal: Journal, node: Node, ctx: RunContext) -> Kept | None:
    """Give what a step gave before; None where it is to run, with its next attempt's number."""
    path = ctx.node_path
    if node.on_error is OnError.skip and path in journal.failures:
        journal.absorbed.add(path)
    if node.kind is NodeKind.WORKFLOW:
        _go_on(journal, ctx)
    if node.kind is not NodeKind.STEP:
        return None
    # Ten thousand in a row must not keep a cancel waiting.
    await checkpoint()
    gave, failure = journal.gave.get(path), journal.failures.get(path)
    if gave is not None:
        try:
            return await _restore(journal, gave, ctx)
        except NotRestorableError as error:
            ctx.log(f"runs again: what it gave cannot be read back ({error})", "warning")
    elif failure is not None and journal.absorbs(path):
        ctx.attempt = journal.attempts.get(path, 1)
        output = StepOutput(success=False, error=failure.summary)
        return Kept(output, _reused(journal, ctx, output), _raised_again(failure))
    elif path in journal.cancelled and journal.absorbs(path):
        # What failed beside it was passed over, and will be again: it was to run no longer.
        ctx.attempt = journal.attempts.get(path, 1)
        output = StepOutput(success=False, error=CANCELLED)
        return Kept(output, _reused(journal, ctx, output), CancelledBeforeError(CANCELLED))
    ctx.attempt = journal.attempts.get(path, 0) + 1
    ctx.tries_before = ctx.attempt - 1
    return None


def take_over_state(journal: Journal, ctx: RunContext) -> None:
    """Change a branch's copy of the session's state as the node before us did."""
    changes = journal.branch_changes(ctx.node_path) if ctx.session.is_branch else None
    if changes is not None:
        ctx.session.apply(changes)


def _go_on(journal: Journal, ctx: RunContext) -> None:
    path = ctx.node_path
    # A try that had begun goes on under its id; one that was only waited for begins now.
    ctx.attempt = journal.attempts.get(path, 0) + (path not in journal.decisions)
    ctx.tries_before = ctx.attempt - 1
    if ctx.session.is_branch:
        for changes in journal.left.get(path, ()):
            ctx.session.apply(changes)


async def _restore(journal: Journal, gave: Gave, ctx: RunContext) -> Kept:
    content, media = await journal.restore(gave)
    ctx.attempt = gave.attempt
    output = StepOutput(
        content=content,
        **by_kind(media),
        success=gave.success,
        error=gave.error,
        stop=gave.stop,
        metrics=dict(gave.metrics),
    )
    return Kept(output, _reused(journal, ctx, output, gave))


def _reused(
    journal: Journal, ctx: RunContext, output: StepOutput, gave: Gave | None = None
) -> StepReusedEvent:
    is_here = gave is None or journal.is_own(gave)
    source = gave.run_id if isinstance(gave, StepCompletedEvent) else None
    source = gave.source_run_id if isinstance(gave, StepReusedEvent) else source
    return StepReusedEvent(
        **ctx.envelope(),
        source_run_id=source or journal.run_id,
        previous=journal.previous.get(ctx.node_path),
        # What the run's own log holds already is not written again.
        content=StoredContent() if gave is None or is_here else gave.content,
        media=() if gave is None or is_here else gave.media,
        success=output.success,
        error=output.error,
        stop=output.stop,
        metrics={} if is_here else output.metrics,
        code=gave.code if gave else "",
    )


def _raised_again(failure: Failure) -> Exception:
    # Under its own name, as it was recorded: its class may not even be imported here.
    return type(failure.type, (Exception,), {})(failure.message)
