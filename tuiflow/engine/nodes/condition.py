"""One side or the other."""

from typing import ClassVar

from tuiflow.engine.coerce import coerce_steps
from tuiflow.engine.context import RunContext
from tuiflow.engine.executor import Executor, Function
from tuiflow.engine.node import Node, OnError, draw, refuse
from tuiflow.engine.run_node import run_in_order, skip_nodes
from tuiflow.engine.step_io import StepInput, StepOutput, gather_outputs
from tuiflow.errors import DefinitionError
from tuiflow.model.events import ConditionExecutionStartedEvent
from tuiflow.model.ids import child_path
from tuiflow.model.node_state import NOT_TAKEN
from tuiflow.model.outline import NodeKind, Outline

ELSE = "else"


class Condition(Node):
    """Runs `steps` where its evaluator says yes, else `else_steps`, else nothing."""

    kind: ClassVar[NodeKind] = NodeKind.CONDITION

    def __init__(  # noqa: PLR0913 - the options of a condition, all of them by keyword
        self,
        *,
        evaluator: bool | Function,
        steps: object,
        else_steps: object = None,
        name: str | None = None,
        description: str = "",
        on_error: OnError | str = OnError.fail,
        human_review: object = None,
    ) -> None:
        super().__init__(name, description, on_error)
        refuse(self.title, human_review=human_review)
        self._evaluator = self._check_evaluator(evaluator)
        has_else = else_steps is not None
        self.children = coerce_steps(self.title, steps, taken=[ELSE] if has_else else [])
        self.else_children = (
            coerce_steps(self.title, else_steps, role="else_steps") if has_else else ()
        )

    @property
    def label(self) -> str:
        if isinstance(self._evaluator, bool):
            return str(self._evaluator)
        return self._evaluator.name

    @property
    def code(self) -> str:
        return "" if isinstance(self._evaluator, bool) else self._evaluator.code

    async def decide(self, step_input: StepInput, ctx: RunContext) -> None:
        journal = ctx.scope.journal
        known = journal and journal.recall(ctx.node_path, ConditionExecutionStartedEvent)
        if known and known.result is not None:
            result = known.result
        elif isinstance(self._evaluator, bool):
            result = self._evaluator
        else:
            result = bool(await self._evaluator.call(step_input, ctx))
        ctx.facts.result = result
        if result or self.else_children:
            ctx.facts.takes_else = not result

    async def run(self, step_input: StepInput, ctx: RunContext) -> StepOutput:
        inside = ctx.inside(child_path(ctx.node_path, ELSE))
        if ctx.facts.takes_else is not False:
            skip_nodes(self.children, NOT_TAKEN, ctx)
        if ctx.facts.takes_else is not True:
            skip_nodes(self.else_children, NOT_TAKEN, inside)
        match ctx.facts.takes_else:
            case None:
                return StepOutput(ran=False)
            case False:
                return gather_outputs(await run_in_order(self.children, step_input, ctx))
            case True:
                outputs = await run_in_order(self.else_children, step_input, inside)
                return gather_outputs(outputs)

    def outline_children(self) -> tuple[Outline, ...]:
        if not self.else_children:
            return draw(self.children)
        other = Outline(
            kind=NodeKind.ELSE, name=ELSE, segment=ELSE, children=draw(self.else_children)
        )
        return (*draw(self.children), other)

    def _check_evaluator(self, evaluator: object) -> bool | Executor:
        if isinstance(evaluator, bool):
            return evaluator
        if callable(evaluator):
            return Executor(self.title, "evaluator", evaluator)
        problem = f"evaluator= takes True, False or a function, not {type(evaluator).__name__}"
        raise DefinitionError(self.title, problem)
