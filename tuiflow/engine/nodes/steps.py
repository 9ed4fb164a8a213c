"""Several nodes, one after the other."""

from typing import ClassVar

from tuiflow.engine.coerce import coerce_steps
from tuiflow.engine.context import RunContext
from tuiflow.engine.node import Node, OnError, draw, refuse
from tuiflow.engine.run_node import run_in_order
from tuiflow.engine.step_io import StepInput, StepOutput, gather_outputs
from tuiflow.model.outline import NodeKind, Outline


class Steps(Node):
    """Runs its steps in order; each sees what came before, outside and inside."""

    kind: ClassVar[NodeKind] = NodeKind.STEPS

    def __init__(
        self,
        *,
        steps: object,
        name: str | None = None,
        description: str = "",
        on_error: OnError | str = OnError.fail,
        human_review: object = None,
    ) -> None:
        super().__init__(name, description, on_error)
        refuse(self.title, human_review=human_review)
        self.children = coerce_steps(self.title, steps)

    async def decide(self, step_input: StepInput, ctx: RunContext) -> None:
        ctx.facts.count = len(self.children)

    async def run(self, step_input: StepInput, ctx: RunContext) -> StepOutput:
        return gather_outputs(await run_in_order(self.children, step_input, ctx))

    def outline_children(self) -> tuple[Outline, ...]:
        return draw(self.children)
