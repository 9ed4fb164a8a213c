"""The one place where a node's life is lived and reported, whatever kind it is."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import anyio
from anyio import CancelScope, get_cancelled_exc_class

from tuiflow.engine import life
from tuiflow.engine.context import RunContext
from tuiflow.engine.executor import RaisedError
from tuiflow.engine.host import Host
from tuiflow.engine.journal import Journal
from tuiflow.engine.node import Node, OnError, Place
from tuiflow.engine.replay import Kept, find_kept, take_over_state
from tuiflow.engine.session import SessionState
from tuiflow.engine.step_io import CANCELLED, StepInput, StepOutput, made_inside
from tuiflow.engine.time_limit import TimeLimit
from tuiflow.errors import StepFailedError, StoreError
from tuiflow.model.content import StoredContent
from tuiflow.model.failure import Failure, describe_exception
from tuiflow.model.node_state import NOT_REACHED
from tuiflow.model.outline import NodeKind
from tuiflow.model.session import StateChanges

_OWN_CODE = str(Path(__file__).parent)
_NOTHING = life.Given(StoredContent())
_LEAVES = frozenset({NodeKind.STEP, NodeKind.WORKFLOW})
_SAVING = _LEAVES | {NodeKind.PARALLEL}


async def run_node(
    place: Place, step_input: StepInput, above: RunContext, session: SessionState | None = None
) -> StepOutput:
    """Run a child of the node whose context is `above`, by its policies.

    With `session` it has that state of the session for its own, and what stands below it too.
    """
    ctx = above.below(place)
    ctx.session = session or ctx.session
    life_of_child = _Life(place.node, step_input, ctx)
    try:
        return await life_of_child.live()
    finally:
        if life_of_child.output is not None:
            above.facts.outputs[place.index] = life_of_child.output
            if life_of_child.has_failed:
                above.facts.failed.add(place.index)


async def run_in_order(
    places: Sequence[Place], step_input: StepInput, ctx: RunContext
) -> list[StepOutput]:
    """Run nodes one after the other, each seeing those before it, until one says stop."""
    outputs: list[StepOutput] = []
    for number, place in enumerate(places, start=1):
        output = await run_node(place, step_input, ctx)
        outputs.append(output)
        if output.stop:
            skip_nodes(places[number:], NOT_REACHED, ctx)
            break
        step_input = step_input.after(place.name, output)
    return outputs


def skip_nodes(places: Iterable[Place], reason: str, ctx: RunContext) -> None:
    """Record of children of the node whose context this is that they will not run."""
    for place in places:
        ctx.scope.host.emit(life.skipped(reason, ctx.below(place)))


async def run_root(node: Node, step_input: StepInput, ctx: RunContext) -> StepOutput:
    """Run the outermost node of a run."""
    return await _Life(node, step_input, ctx).live()


class _Life:
    """One node's life: attempts, each with a start and one end, and the waits between them."""

    __slots__ = ("_ctx", "_input", "_node", "_scope", "has_failed", "output")

    def __init__(self, node: Node, step_input: StepInput, ctx: RunContext) -> None:
        self._node = node
        self._input = step_input
        self._ctx = ctx
        self._scope = ctx.scope
        self.has_failed = False
        self.output: StepOutput | None = None
        """What the node gave, also where it failed or was cancelled; None where it never began."""

    async def live(self) -> StepOutput:
        """Decide, record the start, run, record the end; and again where the policy says so.

        What is over since an earlier episode is only recorded as that.
        """
        journal = self._ctx.scope.journal
        if journal is not None:
            kept = await find_kept(journal, self._node, self._ctx)
            if kept is not None:
                return self._reuse(journal, kept)
        return await self._try()

    async def _try(self) -> StepOutput:
        while True:
            try:
                await self._node.decide(self._input, self._ctx)
                self._begin()
                output = await self._run_in_time()
                _sign(self._node, output, self._ctx)
                await self._complete(output)
            except get_cancelled_exc_class():
                # A loop that ends cancels past any shield, also while a step's end is being saved.
                if self._ctx.has_begun and not self._ctx.is_over:
                    self._cancel()
                raise
            except (StoreError, GeneratorExit):
                raise
            except Exception as error:  # noqa: BLE001 - what an author's code raised, and how it ends is told
                self._begin()
                wait = self._wait_after(error)
                if wait is None:
                    return self._fail(error)
                self._announce_retry(error, wait)
            else:
                return output
            await self._wait(wait)

    def _take_state(self) -> StateChanges | None:
        ctx = self._ctx
        if ctx.scope.journal is not None and self._node.kind is NodeKind.PARALLEL:
            take_over_state(ctx.scope.journal, ctx)
        return ctx.session.take_changes()

    def _reuse(self, journal: Journal, kept: Kept) -> StepOutput:
        ctx = self._ctx
        self.output = _sign(self._node, kept.output, ctx)
        self.has_failed = kept.failure is not None
        ctx.close()
        ctx.scope.host.emit(kept.event)
        take_over_state(journal, ctx)
        if kept.failure is not None and self._node.on_error is OnError.fail:
            raise StepFailedError(ctx.node_path, ctx.attempt, kept.failure) from kept.failure
        return kept.output

    async def _run_in_time(self) -> StepOutput:
        ctx, seconds = self._ctx, self._ctx.policy.timeout
        if seconds is None:
            return await self._node.run(self._input, ctx)
        limit = ctx.limit = TimeLimit(seconds)
        above = ctx.because
        ctx.because = lambda: str(limit.error()) if limit.is_over else above()
        with limit.scope:
            try:
                return await self._node.run(self._input, ctx)
            except get_cancelled_exc_class() as error:
                limit.place = limit.place or error.__traceback__
                raise
            finally:
                ctx.because = above
        raise RaisedError(limit.error())

    def _begin(self) -> None:
        ctx = self._ctx
        if not ctx.has_begun:
            ctx.has_begun = True
            ctx.scope.host.emit(life.started(self._node, self._input, ctx))

    async def _complete(self, output: StepOutput) -> None:
        given, ctx = _NOTHING, self._ctx
        if self._node.kind in _LEAVES and (output.content is not None or output.media):
            # A finished step keeps what it gave, even when the run is being cancelled.
            with CancelScope(shield=True):
                given = await _store(output, ctx.scope.host)
        # What cannot be kept fails this node, so it is found out before anything is recorded.
        state = self._take_state() if self._node.kind in _SAVING else None
        if state is not None:
            is_branch = ctx.session.is_branch
            given = replace(given, **{"branch_state" if is_branch else "state": state})
        self.output = output
        ctx.close()
        ctx.scope.host.emit(life.completed(self._node, output, given, ctx))
        if given.state is not None:
            # Saved now, while the run's log is still open for what there is to say about it.
            with CancelScope(shield=True):
                await ctx.scope.host.commit()

    @property
    def _tries(self) -> int:
        return self._ctx.attempt - self._ctx.tries_before

    def _wait_after(self, error: Exception) -> float | None:
        retry, journal = self._ctx.policy.retry, self._scope.journal
        if retry is None or (journal is not None and journal.absorbs(self._ctx.node_path)):
            return None
        return retry.wait_after(self._tries, _original(error))

    def _announce_retry(self, error: Exception, wait: float) -> None:
        ctx = self._ctx
        _, failure = _explain(self._node, error, ctx)
        ctx.close()
        if self._node.kind is NodeKind.WORKFLOW:
            self._end_nested_run(failure)
        ctx.scope.host.emit(life.retrying(failure, wait, ctx))
        self._ctx = ctx.next_attempt()

    def _end_nested_run(self, failure: Failure) -> None:
        # The next try is a run of its own, which reuses nothing of this one.
        ctx, journal = self._ctx, self._scope.journal
        ctx.scope.host.emit(life.failed(self._node, failure, ctx))
        ctx.scope = self._scope
        if journal is not None:
            journal.forget(ctx.node_path)

    async def _wait(self, seconds: float) -> None:
        try:
            await anyio.sleep(seconds)
        except get_cancelled_exc_class():
            self._cancel()
            raise

    def _cancel(self) -> None:
        self.output = _sign(self._node, self._output_without(CANCELLED), self._ctx)
        self._ctx.close()
        self._ctx.scope.host.emit(life.cancelled(self._node, self._ctx))

    def _fail(self, error: Exception) -> StepOutput:
        failed, failure = _explain(self._node, error, self._ctx)
        self.output = _sign(self._node, self._output_without(failure.summary), self._ctx)
        self._ctx.close()
        self._ctx.scope.host.emit(life.failed(self._node, failure, self._ctx))
        if self._node.on_error is OnError.fail:
            raise failed
        return self.output

    def _output_without(self, error: str) -> StepOutput:
        self.has_failed = True
        # What was finished inside is kept, for whoever comes after and asks for it by name.
        inside = self._ctx.outputs_inside()
        return StepOutput(success=False, error=error, steps=inside, **made_inside(inside))


async def _store(output: StepOutput, host: Host) -> life.Given:
    content = await host.store(output.content)
    if not output.media:
        return life.Given(content)
    inside = {medium for each in output.steps for medium in each.media}
    own = [medium for medium in dict.fromkeys(output.media) if medium not in inside]
    return life.Given(content, await host.store_media(own))


def _original(error: Exception) -> BaseException:
    if isinstance(error, StepFailedError):
        return error.__cause__ or error
    return error.original if isinstance(error, RaisedError) else error


def _explain(node: Node, error: Exception, ctx: RunContext) -> tuple[StepFailedError, Failure]:
    if isinstance(error, StepFailedError):
        failure = _describe(error.__cause__ or error)
        where = (f"in {error.node_path}", *getattr(error, "__notes__", ()))
        # Composites only pass it on; the run repeats all of it, for whoever sees only the run.
        frames = failure.frames if node.kind is NodeKind.WORKFLOW else ()
        return error, failure.model_copy(update={"frames": frames, "notes": where})
    original = _original(error)
    failed = StepFailedError(ctx.node_path, ctx.attempt, original)
    failed.__cause__ = _from_outside(original)
    return failed, _describe(original)


def _from_outside(error: BaseException) -> BaseException:
    """Let its traceback begin where the author's code does, when it has been there at all."""
    place = error.__traceback__
    while place is not None and place.tb_frame.f_code.co_filename.startswith(_OWN_CODE):
        place = place.tb_next
    return error if place is None else error.with_traceback(place)


def _describe(error: BaseException) -> Failure:
    failure = describe_exception(error)
    frames = tuple(frame for frame in failure.frames if not frame.file.startswith(_OWN_CODE))
    return failure.model_copy(update={"frames": frames or failure.frames})


def _sign(node: Node, output: StepOutput, ctx: RunContext) -> StepOutput:
    # In place: every node gives an output of its own making, never its author's or its child's.
    output.step_name = ctx.step_name
    output.step_id = ctx.policy.step_id
    output.step_type = node.kind
    output.executor_type = node.executor_type
    output.executor_name = node.executor_name or None
    output.step_run_id = ctx.step_run_id
    output.node_path = ctx.node_path
    output.content_path = output.content_path or ctx.node_path
    return output
