"""Every composite that runs its steps in order, under one name, for tests that hold for all."""

from typing import Any

from tuiflow.engine import (
    Condition,
    Loop,
    NestedWorkflow,
    Parallel,
    Router,
    Step,
    StepOutput,
    Steps,
    WorkflowDefinition,
)


def give(name: str, content: object) -> Step:
    return Step(name=name, executor=lambda s: StepOutput(content=content))


COMPOSITES: dict[str, Any] = {
    "steps": lambda *inside: Steps(name="c", steps=inside),
    "condition": lambda *inside: Condition(name="c", evaluator=True, steps=inside),
    "else": lambda *inside: Condition(
        name="c", evaluator=False, steps=[give("no", 0)], else_steps=inside
    ),
    "loop": lambda *inside: Loop(name="c", steps=inside, max_iterations=2),
    "router": lambda *inside: Router(name="c", choices=inside, selector=lambda _: list(inside)),
    "workflow": lambda *inside: NestedWorkflow(WorkflowDefinition("c", Steps(steps=inside))),
}
WITH_PARALLEL: dict[str, Any] = {
    **COMPOSITES,
    "parallel": lambda *inside: Parallel(Steps(name="branch", steps=inside), name="c"),
}
