"""Several nodes at the same time."""

from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, ClassVar

import anyio

from tuiflow.engine.coerce import coerce_steps
from tuiflow.engine.context import RunContext
from tuiflow.engine.node import Node, OnError, Place, check_count, draw, refuse
from tuiflow.engine.replay import CancelledBeforeError
from tuiflow.engine.run_node import run_node, skip_nodes
from tuiflow.engine.state_merge import Branch, merge_branches
from tuiflow.engine.step_io import StepInput, StepOutput, made_inside, verdict
from tuiflow.errors import DefinitionError, SessionStateError, StepFailedError, StoreError
from tuiflow.model.ids import sibling_names
from tuiflow.model.node_state import NOT_REACHED
from tuiflow.model.outline import NodeKind, Outline


class Parallel(Node):
    """Starts all its steps together; its content is a dict of theirs, in definition order.

    At most `max_concurrency` run at a time. `fail_fast` cancels the others at the first failure.
    A text before the steps is its name.
    """

    kind: ClassVar[NodeKind] = NodeKind.PARALLEL

    def __init__(
        self,
        *steps: object,
        name: str | None = None,
        description: str = "",
        max_concurrency: int | None = None,
        fail_fast: bool = False,
        on_error: OnError | str = OnError.fail,
        human_review: object = None,
    ) -> None:
        if steps and isinstance(steps[0], str):
            name, steps = name or steps[0], steps[1:]
        super().__init__(name, description, on_error)
        refuse(self.title, human_review=human_review)
        if not steps:
            raise DefinitionError(self.title, "has no steps: write Parallel(first, second)")
        if max_concurrency is not None:
            check_count(self.title, "max_concurrency", max_concurrency)
        self.children = coerce_steps(self.title, steps)
        self.keys = sibling_names([place.name for place in self.children])
        """Under which each child's content stands in this node's."""
        self.max_concurrency = max_concurrency
        self.fail_fast = fail_fast

    @property
    def label(self) -> str:
        return f"max {self.max_concurrency}" if self.max_concurrency else ""

    async def decide(self, step_input: StepInput, ctx: RunContext) -> None:
        ctx.facts.count = len(self.children)
        ctx.facts.is_side_by_side = True

    async def run(self, step_input: StepInput, ctx: RunContext) -> StepOutput:
        return await _Branches(self, step_input, ctx).run()

    def outline_children(self) -> tuple[Outline, ...]:
        return draw(self.children)


class _Branches:
    """The branches of one execution of a Parallel, and how they end each other."""

    def __init__(self, node: Parallel, step_input: StepInput, ctx: RunContext) -> None:
        self._node = node
        self._input = step_input
        self._ctx = ctx
        self._why = ""
        self._stopping: StepOutput | None = None
        self._failures: dict[int, StepFailedError] = {}
        self._session = ctx.session
        self._before = ctx.session.branch()
        self._states: dict[int, Branch] = {}
        """What the branches that did their work left of the session's state."""
        self._store_error: StoreError | None = None
        self._group = anyio.create_task_group()
        self._turn: AbstractAsyncContextManager[Any] = (
            anyio.Semaphore(node.max_concurrency) if node.max_concurrency else nullcontext()
        )

    async def run(self) -> StepOutput:
        above = self._ctx.because
        self._ctx.because = lambda: self._why or above()
        async with self._group:
            for place in self._node.children:
                self._group.start_soon(self._branch, place)
        self._ctx.because = above
        if self._store_error is not None:
            raise self._store_error
        stopping = self._stopping
        try:
            self._merge_states()
        except SessionStateError as error:
            if not self._failures:
                raise
            self._failures[min(self._failures)].add_note(str(error))
        if stopping is None and self._failures:
            raise _first_of(self._failures)
        return self._gather(stopping)

    def _merge_states(self) -> None:
        before = self._before.values
        branches = [self._states[index] for index in sorted(self._states)]
        merged = merge_branches(before, branches)
        # Only what changed: where a function runs steps side by side, others share the state.
        for key in before.keys() - merged.keys():
            self._session.values.pop(key, None)
        news = {key: value for key, value in merged.items() if before.get(key) is not value}
        self._session.values.update(news)

    async def _branch(self, place: Place) -> None:
        async with self._turn:
            try:
                session = self._before.branch()
                output = await run_node(place, self._input, self._ctx, session)
            except StepFailedError as error:
                self._failures[place.index] = error
                if self._node.fail_fast and not _was_cancelled(error):
                    self._end_others(f"{place.name} failed")
            except StoreError as error:
                self._store_error = error
                self._end_others(str(error))
            else:
                if place.index not in self._ctx.facts.failed:
                    self._states[place.index] = Branch(place.name, session.values)
                if output.stop:
                    self._stopping = self._stopping or output
                    self._end_others(f"{place.name} stopped the run")

    def _end_others(self, why: str) -> None:
        self._why = self._why or why
        self._group.cancel_scope.cancel(why)

    def _gather(self, stopping: StepOutput | None) -> StepOutput:
        outputs = self._ctx.outputs_inside()
        if stopping is not None:
            ran = self._ctx.facts.outputs
            left = (place for place in self._node.children if place.index not in ran)
            skip_nodes(left, NOT_REACHED, self._ctx)
            return StepOutput(
                **made_inside(outputs),
                content=stopping.content,
                content_path=stopping.content_path,
                stop=True,
                steps=outputs,
                **verdict(outputs),
            )
        return StepOutput(
            **made_inside(outputs),
            content=dict(zip(self._node.keys, (each.content for each in outputs), strict=True)),
            **verdict(outputs),
            ran=any(each.ran for each in outputs),
            steps=outputs,
        )


def _first_of(failures: dict[int, StepFailedError]) -> StepFailedError:
    by_order = (failures[index] for index in sorted(failures))
    # A branch that another one's failure had cancelled says nothing of why this node failed.
    first, *others = sorted(by_order, key=_was_cancelled)
    others = [other for other in others if not _was_cancelled(other)]
    for other in others:
        first.add_note(f"also: {other}")
    return first


def _was_cancelled(error: StepFailedError) -> bool:
    return isinstance(error.__cause__, CancelledBeforeError)
