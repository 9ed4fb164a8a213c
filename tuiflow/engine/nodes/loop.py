"""The same steps again, until it is enough."""

from typing import ClassVar

from tuiflow.engine.coerce import coerce_steps
from tuiflow.engine.context import RunContext
from tuiflow.engine.executor import Executor, Function
from tuiflow.engine.node import Node, OnError, Place, check_count, draw, refuse
from tuiflow.engine.run_node import run_in_order, run_node
from tuiflow.engine.step_io import StepInput, StepOutput, gather_outputs
from tuiflow.errors import DefinitionError
from tuiflow.model.outline import NodeKind, Outline


class Loop(Node):
    """Repeats its steps until `end_condition(outputs)` says so, at most `max_iterations` times."""

    kind: ClassVar[NodeKind] = NodeKind.LOOP

    def __init__(  # noqa: PLR0913 - the options of a loop, all of them by keyword
        self,
        *,
        steps: object,
        end_condition: Function | None = None,
        max_iterations: int = 3,
        forward_iteration_output: bool = False,
        name: str | None = None,
        description: str = "",
        on_error: OnError | str = OnError.fail,
        human_review: object = None,
    ) -> None:
        super().__init__(name, description, on_error)
        refuse(self.title, human_review=human_review)
        check_count(self.title, "max_iterations", max_iterations)
        if end_condition is not None and not callable(end_condition):
            problem = f"end_condition= takes a function, not {type(end_condition).__name__}"
            raise DefinitionError(self.title, problem)
        self.children = coerce_steps(self.title, steps)
        self.max_iterations = max_iterations
        self.forward_iteration_output = forward_iteration_output
        self.end_condition = (
            Executor(self.title, "end_condition", end_condition) if end_condition else None
        )

    @property
    def label(self) -> str:
        return f"max {self.max_iterations}"

    @property
    def code(self) -> str:
        return self.end_condition.code if self.end_condition else ""

    async def decide(self, step_input: StepInput, ctx: RunContext) -> None:
        ctx.facts.max_iterations = self.max_iterations

    async def run(self, step_input: StepInput, ctx: RunContext) -> StepOutput:
        outputs: list[StepOutput] = []
        for number in range(1, self.max_iterations + 1):
            turn = _Iteration(self, number)
            place = Place(turn, f"{ctx.step_name}[{number}]", f"[{number}]", number - 1, joint="")
            output = await run_node(place, step_input, ctx)
            outputs.append(output)
            ctx.facts.count = number
            if output.stop or not turn.should_continue:
                break
            if self.forward_iteration_output:
                step_input = step_input.after(place.name, output)
        return gather_outputs(outputs)

    def outline_children(self) -> tuple[Outline, ...]:
        return draw(self.children)


class _Iteration(Node):
    """One turn of a loop, with the question whether there is to be another."""

    kind: ClassVar[NodeKind] = NodeKind.ITERATION

    def __init__(self, loop: Loop, number: int) -> None:
        super().__init__(None, "", OnError.fail)
        self._loop = loop
        self._number = number
        self.should_continue = False

    async def decide(self, step_input: StepInput, ctx: RunContext) -> None:
        ctx.facts.iteration = self._number

    async def run(self, step_input: StepInput, ctx: RunContext) -> StepOutput:
        outputs = await run_in_order(self._loop.children, step_input, ctx)
        output = gather_outputs(outputs)
        if not output.stop and self._number < self._loop.max_iterations:
            journal = ctx.scope.journal
            known = journal.turns.get(ctx.node_path) if journal else None
            is_asked = known is None
            self.should_continue = not await self._is_enough(outputs, ctx) if is_asked else known
            ctx.facts.should_continue = self.should_continue
        return output

    async def _is_enough(self, outputs: list[StepOutput], ctx: RunContext) -> bool:
        end_condition = self._loop.end_condition
        return end_condition is not None and bool(await end_condition.call(outputs, ctx))
