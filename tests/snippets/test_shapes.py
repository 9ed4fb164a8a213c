"""Shapes that are documented elsewhere, as their users would bring them along."""

import logging
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai import Agent
from pydantic_ai.models.test import TestModel

from tuiflow import (
    Condition,
    Parallel,
    Router,
    RunStatus,
    SqliteDb,
    Step,
    StepCompletedEvent,
    StepInput,
    StepOutput,
    StepStartedEvent,
    Workflow,
    WorkflowCompletedEvent,
    WorkflowExecutionInput,
    WorkflowStartedEvent,
)


def saying(name: str) -> Step:
    def executor(step_input: StepInput) -> StepOutput:
        return StepOutput(step_name=name, content=f"{name}({step_input.get_last_step_content()})")

    return Step(name=name, executor=executor)


def test_a_selector_finds_its_choices_by_their_names_among_step_choices():
    def choose(step_input: StepInput, step_choices: list[Step]) -> str | Step | list[Step]:
        step_map = {s.name: s for s in step_choices if hasattr(s, "name") and s.name}
        if "research" in step_input.input:
            return "researcher"
        if "write" in step_input.input:
            return step_map.get("writer", step_choices[0])
        return [step_map["researcher"], step_map["writer"]]

    router = Router(
        name="Dynamic", selector=choose, choices=[saying("researcher"), saying("writer")]
    )
    workflow = Workflow(name="Dynamic Routing", steps=[router])

    assert workflow.run("research it").content == "researcher(None)"
    assert workflow.run("write it").content == "writer(None)"
    assert workflow.run("all of it").content == "writer(researcher(None))"


def test_a_list_among_the_choices_is_one_choice_of_several_steps():
    def choose(step_input: StepInput, step_choices: list[Step]) -> Step:
        return step_choices[0] if step_input.input == "single" else step_choices[1]

    choices = [saying("a"), [saying("b"), saying("c")]]
    workflow = Workflow(
        name="Nested", steps=[Router(name="Nested", selector=choose, choices=choices)]
    )

    assert workflow.run("single").content == "a(None)"
    assert workflow.run("sequence").content == "c(b(None))"


def test_agents_stand_in_the_list_without_a_step():
    def report(step_input: StepInput) -> str:
        return f"{step_input.get_step_content('writer')} of {step_input.input}"

    writer = Agent(TestModel(custom_output_text="a text"), name="writer")
    other = Agent(TestModel(custom_output_text="another"), name="other")
    router = Router(choices=[writer, other], selector=lambda: "other")
    workflow = Workflow(name="Agents", steps=[writer, report, Parallel(writer, other), router])

    output = workflow.run("tea")

    told = [step.content for step in output.step_results]
    assert told[:2] == ["a text", "a text of tea"]
    assert told[2:] == [{"writer": "a text", "other": "another"}, "another"]


class Told:
    """What Agno's agents tell while they run."""

    def __init__(self, event: str, content: object = None) -> None:
        self.event = event
        self.content = content


def test_what_an_agent_tells_is_handed_on_by_a_function_workflow():
    def execution(workflow: Workflow, execution_input: WorkflowExecutionInput):
        yield Told("RunStarted")
        yield from (Told("RunContent", word) for word in ("about ", execution_input.input))
        yield Told("RunCompleted", "about tea")

    workflow = Workflow(name="Handed on", steps=execution)

    said = [e.text for e in workflow.run("tea", stream=True) if e.event == "StepContent"]

    assert "".join(said) == "about tea"
    assert workflow.run("tea").content == "about tea"


def test_events_are_told_apart_by_their_classes():
    inner = Workflow(name="Inner", steps=[saying("research"), saying("summary")])
    outer = Workflow(name="Outer", steps=[Step(name="phase", workflow=inner), saying("writing")])
    kinds = (WorkflowStartedEvent, WorkflowCompletedEvent, StepStartedEvent, StepCompletedEvent)
    told: list[str] = []

    for event in outer.run("tea", stream=True, stream_events=True):
        assert isinstance(event, kinds)
        if isinstance(event, StepCompletedEvent | WorkflowCompletedEvent):
            told.append(f"{event.nested_depth} {event.step_name}: {event.content}")

    assert told == [
        "1 research: research(None)",
        "1 summary: summary(research(None))",
        "1 phase: summary(research(None))",
        "0 writing: writing(summary(research(None)))",
        "0 Outer: writing(summary(research(None)))",
    ]


def test_a_database_is_named_as_elsewhere_and_its_folder_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.chdir(tmp_path)
    with caplog.at_level(logging.INFO, "tuiflow"):
        db = SqliteDb(session_table="workflow_session", db_file="tmp/workflow.db")
    workflow = Workflow(name="Kept", steps=[saying("a")], db=db)

    result = workflow.run("tea", session_id="s")

    assert (tmp_path / "tmp" / "workflow.db").exists()
    assert result.status == RunStatus.completed
    assert workflow.run_response is result


def test_steps_may_be_one_composite():
    both = Parallel(saying("a"), saying("b"), name="both")
    workflow = Workflow(name="One", steps=Condition(evaluator=True, steps=[both]))  # type: ignore[arg-type]

    assert workflow.run().content == {"a": "a(None)", "b": "b(None)"}


def test_classes_with_a_call_are_executors_and_know_their_settings():
    class Planner:
        def __init__(self, posts: int) -> None:
            self.posts = posts

        def __call__(self, step_input: StepInput) -> StepOutput:
            previous = step_input.previous_step_content
            return StepOutput(content=f"{self.posts} posts on {previous[:8]}")

    class AsyncPlanner(Planner):
        async def __call__(self, step_input: StepInput) -> Any:  # type: ignore[override]
            yield StepOutput(content=f"{self.posts} later")

    plan = [Step(name="plan", executor=Planner(3)), Step(name="later", executor=AsyncPlanner(4))]
    output = Workflow(name="Planned", steps=[saying("research"), *plan]).run("tea")

    assert [step.content for step in output.step_results[1:]] == ["3 posts on research", "4 later"]
