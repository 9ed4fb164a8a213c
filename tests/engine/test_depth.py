"""How deep nodes may stand in each other."""

from collections.abc import Callable
from typing import Any

import pytest

from tuiflow import Workflow
from tuiflow.engine import Condition, Loop, Parallel, Router, Step, StepInput, Steps
from tuiflow.engine.definition import MOST_LEVELS
from tuiflow.errors import DefinitionError
from tuiflow.model.control import FROM_WORKER, Imported
from tuiflow.model.ids import Revision
from tuiflow.model.outline import FileReport
from tuiflow.model.text import write_json

DEEPEST = {
    "steps": MOST_LEVELS - 2,
    "parallel": MOST_LEVELS - 2,
    "condition": MOST_LEVELS - 2,
    "router": MOST_LEVELS - 2,
    "workflow": MOST_LEVELS - 2,
    "loop": MOST_LEVELS // 2 - 1,
}
"""Of one kind in each other, between the workflow and the step."""
MAKE: dict[str, Callable[[Any], Any]] = {
    "steps": lambda inside: Steps(steps=[inside]),
    "parallel": Parallel,
    "condition": lambda inside: Condition(evaluator=True, steps=[inside]),
    "router": lambda inside: Router(choices=[inside], selector=lambda step_choices: step_choices),
    "workflow": lambda inside: Workflow(name="inner", steps=[inside]),
    "loop": lambda inside: Loop(steps=[inside], max_iterations=1),
}


async def calls_itself(step_input: StepInput) -> int:
    def deeper(levels: int) -> int:
        return 1 + deeper(levels - 1) if levels else 0

    return deeper(50)


def nested(kind: str, levels: int) -> Workflow:
    inside: Any = Step(name="s", executor=calls_itself)
    for _ in range(levels):
        inside = MAKE[kind](inside)
    return Workflow(name="w", steps=[inside], db=False)


@pytest.mark.parametrize("kind", DEEPEST)
def test_a_step_runs_at_the_deepest_level(kind: str):
    workflow = nested(kind, DEEPEST[kind])

    output = workflow.run()

    assert "50" in str(output.content)
    kept = workflow.get_run(output.run_id)
    assert kept is not None
    assert kept.content == output.content


@pytest.mark.parametrize("kind", DEEPEST)
def test_the_shape_of_the_deepest_workflow_reaches_who_asked_for_it(kind: str):
    outline = nested(kind, DEEPEST[kind]).outline()
    report = FileReport(file="w.py", revision=Revision("r"), workflows=(outline,))

    told = FROM_WORKER.validate_json(write_json(Imported(report=report)))

    assert told == Imported(report=report)


@pytest.mark.parametrize("levels", [MOST_LEVELS - 1, 1000])
def test_what_is_nested_deeper_is_refused_in_one_sentence(levels: int):
    with pytest.raises(DefinitionError, match="'w': its steps are nested more than 90 levels"):
        nested("steps", levels).run()
    with pytest.raises(DefinitionError, match="nested more than 90 levels"):
        nested("steps", levels).outline()
