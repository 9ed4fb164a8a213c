"""The one place where a node's life is lived and reported, whatever kind it is."""

from collections.abc import Sequence
from pathlib import Path

from anyio import CancelScope, get_cancelled_exc_class

from tuiflow.engine import life
from tuiflow.engine.context import RunContext
from tuiflow.engine.executor import RaisedError
from tuiflow.engine.node import Node, OnError, Place
from tuiflow.engine.step_io import StepInput, StepOutput
from tuiflow.errors import StepFailedError, StoreError
from tuiflow.model.content import StoredContent
from tuiflow.model.failure import Failure, describe_exception
from tuiflow.model.outline import NodeKind

_OWN_CODE = str(Path(__file__).parent)
_NOTHING = StoredContent()
_LEAVES = frozenset({NodeKind.STEP, NodeKind.WORKFLOW})


async def run_node(place: Place, step_input: StepInput, above: RunContext) -> StepOutput:
    """Run a child of the node whose context is `above`, by its `on_error`."""
    return await live(place.node, step_input, above.below(place))


async def run_in_order(
    places: Sequence[Place], step_input: StepInput, ctx: RunContext
) -> list[StepOutput]:
    """Run nodes one after the other, each seeing those before it, until one says stop."""
    outputs: list[StepOutput] = []
    for place in places:
        output = await run_node(place, step_input, ctx)
        outputs.append(output)
        if output.stop:
            break
        step_input = step_input.after(place.name, output)
    return outputs


async def live(node: Node, step_input: StepInput, ctx: RunContext) -> StepOutput:
    """Decide, record the start, run, record the one end."""
    try:
        await node.decide(step_input, ctx)
        _begin(node, step_input, ctx)
        output = await node.run(step_input, ctx)
        _sign(node, output, ctx)
        await _complete(node, output, ctx)
    except get_cancelled_exc_class():
        if ctx.has_begun:
            ctx.close()
            ctx.scope.host.emit(life.cancelled(node, ctx))
        raise
    except (StoreError, GeneratorExit):
        raise
    except Exception as error:  # noqa: BLE001 - what an author's code raised, and how it ends is told
        _begin(node, step_input, ctx)
        return _fail(node, error, ctx)
    return output


def _begin(node: Node, step_input: StepInput, ctx: RunContext) -> None:
    if not ctx.has_begun:
        ctx.has_begun = True
        ctx.scope.host.emit(life.started(node, step_input, ctx))


async def _complete(node: Node, output: StepOutput, ctx: RunContext) -> None:
    stored = _NOTHING
    if node.kind in _LEAVES and output.content is not None:
        # A finished step keeps what it gave, even when the run is being cancelled.
        with CancelScope(shield=True):
            stored = await ctx.scope.host.store(output.content)
    ctx.close()
    ctx.scope.host.emit(life.completed(node, output, stored, ctx))


def _fail(node: Node, error: Exception, ctx: RunContext) -> StepOutput:
    failed, failure = _explain(node, error, ctx)
    ctx.close()
    ctx.scope.host.emit(life.failed(node, failure, ctx))
    if node.on_error is OnError.fail:
        raise failed
    output = StepOutput(success=False, error=failure.summary)
    _sign(node, output, ctx)
    return output


def _explain(node: Node, error: Exception, ctx: RunContext) -> tuple[StepFailedError, Failure]:
    if isinstance(error, StepFailedError):
        failure = _describe(error.__cause__ or error)
        where = (f"in {error.node_path}", *getattr(error, "__notes__", ()))
        # Composites only pass it on; the run repeats all of it, for whoever sees only the run.
        frames = failure.frames if node.kind is NodeKind.WORKFLOW else ()
        return error, failure.model_copy(update={"frames": frames, "notes": where})
    original = error.original if isinstance(error, RaisedError) else error
    failed = StepFailedError(ctx.node_path, ctx.attempt, original)
    failed.__cause__ = original
    return failed, _describe(original)


def _describe(error: BaseException) -> Failure:
    failure = describe_exception(error)
    frames = tuple(frame for frame in failure.frames if not frame.file.startswith(_OWN_CODE))
    return failure.model_copy(update={"frames": frames or failure.frames})


def _sign(node: Node, output: StepOutput, ctx: RunContext) -> None:
    # In place: every node gives an output of its own making, never its author's or its child's.
    output.step_name = ctx.step_name
    output.step_type = node.kind
    output.executor_type = "function" if node.kind is NodeKind.STEP else None
    output.executor_name = node.executor_name or None
    output.step_run_id = ctx.step_run_id
    output.node_path = ctx.node_path
    output.content_path = output.content_path or ctx.node_path
