"""What a workflow inside another one is given to work on."""

from typing import Any

import pytest
from pydantic import BaseModel

from tests.engine.composites import COMPOSITES, give
from tests.engine.running import run_steps
from tuiflow import Step, StepInput, Workflow, WorkflowExecutionInput
from tuiflow.engine import NestedWorkflow, Steps, WorkflowDefinition
from tuiflow.model.events import WorkflowStartedEvent


class Order(BaseModel):
    count: int


def look(step_input: StepInput) -> list[Any]:
    return [step_input.input, step_input.previous_step_content]


def inner(*steps: object, **options: Any) -> NestedWorkflow:
    return NestedWorkflow(WorkflowDefinition("inner", Steps(steps=steps or [look]), **options))


@pytest.mark.parametrize("composite", [name for name in COMPOSITES if name != "loop"])
async def test_its_input_is_what_the_step_before_it_gave(composite: str):
    before = {"from": "before"}

    ran = await run_steps(give("a", before), COMPOSITES[composite](inner()), given="go")

    assert ran.content == [before, before]
    assert ran.content[0] is before
    begun = [e for e in ran.host.events if isinstance(e, WorkflowStartedEvent)]
    assert [event.input.value for event in begun] == ["go", *[before] * (len(begun) - 1)]


async def test_without_a_step_before_it_its_input_is_that_of_the_run():
    assert (await run_steps(inner(), given="go")).content == ["go", None]
    assert (await run_steps(give("none", None), inner(), given="go")).content == ["go", None]


async def test_its_schema_makes_a_model_of_what_came_before():
    fits = await run_steps(give("a", {"count": 3}), inner(input_schema=Order), given="go")
    wrong = await run_steps(give("a", {"count": "x"}), inner(input_schema=Order), given="go")

    assert fits.content[0] == Order(count=3)
    assert wrong.error is not None
    assert "the input does not fit workflow 'inner': count:" in str(wrong.error)


async def test_inside_it_all_steps_have_the_same_input():
    ran = await run_steps(give("a", 1), inner(give("b", 2), look), give("c", 3), look, given="go")

    assert ran.output is not None
    assert [output.content for output in ran.output.steps] == [1, [1, 2], 3, ["go", 3]]


class Echo:
    async def run(self, prompt: str) -> str:
        return prompt


@pytest.mark.parametrize(
    "step", [Step(name="s", workflow=Workflow(name="inner", steps=[look])), Step(agent=Echo())]
)
async def test_what_a_function_workflow_gives_a_step_stands_over_what_came_before(step: Step):
    async def orchestrate(workflow: Workflow, execution_input: WorkflowExecutionInput) -> Any:
        await Step(name="before", executor=lambda s: "before").aexecute()
        return [(await step.aexecute(given)).content for given in ("asked", None)]

    asked, unasked = (await Workflow(name="w", steps=orchestrate, db=False).arun("go")).content

    assert asked in ("asked", ["asked", "before"])
    assert unasked in ("asked", [asked, asked])


async def test_an_agent_that_begins_a_nested_workflow_is_told_its_input():
    ran = await run_steps(give("a", "before"), inner(Step(agent=Echo())), given="go")

    assert ran.content == "before"
