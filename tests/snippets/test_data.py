"""What steps hand on and what a run tells of it, as users write it: each a whole small program."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from tuiflow import (
    Condition,
    CustomEvent,
    File,
    Image,
    Loop,
    Parallel,
    RunContext,
    RunStatus,
    Step,
    StepInput,
    StepOutput,
    Steps,
    Workflow,
)


class Findings(BaseModel):
    topic: str
    insights: list[str] = Field(min_length=1)
    confidence: float = Field(ge=0, le=1)


class Report(BaseModel):
    findings: Findings
    kind: str


def test_models_go_from_step_to_step_and_come_back_from_the_store():
    def research(step_input: StepInput) -> StepOutput:
        return StepOutput(content=Findings(topic="ai", insights=["a"], confidence=0.5))

    def analyse(step_input: StepInput) -> StepOutput:
        found = step_input.previous_step_content
        assert isinstance(found, Findings)
        return StepOutput(content=Report(findings=found, kind=type(found).__name__))

    def process(step_input: StepInput) -> StepOutput:
        report: Report = step_input.previous_step_content
        return StepOutput(content={"confidence": report.findings.confidence})

    workflow = Workflow(
        name="Structured", steps=[research, Step(name="analyse", executor=analyse), process]
    )

    response = workflow.run("ai")

    assert response.content == {"confidence": 0.5}
    kept = workflow.get_run(response.run_id)
    assert kept is not None
    contents = [type(step.content) for step in kept.step_results]
    assert contents == [Findings, Report, dict]


def test_files_that_are_given_and_made_reach_every_later_step(tmp_path: Path):
    (tmp_path / "sales.txt").write_text("north 1")

    def make(step_input: StepInput) -> StepOutput:
        report = File(content=b"{}", name="report.json", mime_type="application/json")
        chart = Image(url="https://p.example/chart.png")
        return StepOutput(content="made", files=[report], images=[chart])

    def analyse(step_input: StepInput) -> StepOutput:
        texts = [file.get_content_bytes().decode() for file in step_input.files]
        return StepOutput(content=[*texts, step_input.images[0].url])

    workflow = Workflow(
        name="Reports",
        steps=[
            Parallel(Step(name="make", executor=make), lambda s: "beside", name="both"),
            Loop(name="once", steps=[analyse], max_iterations=1),
        ],
    )

    response = workflow.run("x", files=[File(filepath=tmp_path / "sales.txt")])

    assert response.content == ["north 1", "{}", "https://p.example/chart.png"]
    assert [file.mime_type for file in response.files] == ["text/plain", "application/json"]


@dataclass
class CustomerProfileEvent(CustomEvent):
    customer_name: str | None = None


def test_a_step_tells_events_of_its_own():
    async def profile(step_input: StepInput) -> AsyncIterator[object]:
        yield CustomerProfileEvent(customer_name="ann")
        yield "a profile "
        yield StepOutput(content="done")

    workflow = Workflow(name="Profiles", steps=[Step(name="profile", executor=profile)])

    told = [
        event.customer_name
        for event in workflow.run("x", stream=True, stream_events=True)
        if isinstance(event, CustomerProfileEvent)
    ]

    assert told == ["ann"]
    assert workflow.run_response is not None
    assert any(isinstance(each, CustomerProfileEvent) for each in workflow.run_response.events)


def test_a_loop_judges_what_ran_side_by_side():
    turns: list[list[str]] = []

    def is_enough(outputs: list[StepOutput]) -> bool:
        turns.append([type(output.content).__name__ for output in outputs])
        return sum(len(output.content or "") for output in outputs) > 4

    workflow = Workflow(
        name="Rounds",
        steps=[
            Loop(
                name="Rounds",
                steps=[Parallel(lambda s: "a", lambda s: "b", name="Both"), lambda s: "mood"],
                end_condition=is_enough,
                max_iterations=3,
            ),
            lambda s: s.get_step_content("Both"),
        ],
    )

    assert workflow.run("x").content == {"step_1": "a", "step_2": "b"}
    assert turns == [["dict", "str"]]


@pytest.mark.parametrize(
    "inside",
    [
        lambda *steps: Parallel(*steps, name="c"),
        lambda *steps: Condition(name="c", evaluator=True, steps=list(steps)),
        lambda *steps: Loop(name="c", steps=list(steps), max_iterations=3),
        lambda *steps: Steps(name="c", steps=list(steps)),
    ],
    ids=["parallel", "condition", "loop", "steps"],
)
def test_a_check_stops_the_workflow_from_inside(inside):
    called: list[str] = []

    def check(step_input: StepInput) -> StepOutput:
        is_unsafe = "unsafe" in step_input.input
        return StepOutput(content="[ALERT]" if is_unsafe else "[PASS]", stop=is_unsafe)

    def write(step_input: StepInput) -> StepOutput:
        called.append(step_input.input)
        return StepOutput(content="written")

    workflow = Workflow(name="Checked", steps=[inside(check), write])

    assert [workflow.run(text).content for text in ("unsafe", "safe")] == ["[ALERT]", "written"]
    assert called == ["safe"]


def test_a_step_is_tried_again_or_passed_over_when_it_fails():
    def flaky(step_input: StepInput, run_context: RunContext) -> StepOutput:
        if run_context.attempt < 3:
            raise ConnectionError("gone")
        return StepOutput(content=f"try {run_context.attempt}")

    def optional(step_input: StepInput) -> StepOutput:
        raise ValueError("not today")

    def report(step_input: StepInput) -> StepOutput:
        passed_over = step_input.get_step_output("optional")
        assert passed_over is not None
        return StepOutput(content=[step_input.get_step_content("flaky"), passed_over.error])

    workflow = Workflow(
        name="Sturdy",
        steps=[
            Step(name="flaky", executor=flaky, max_retries=3),
            Step(name="optional", executor=optional, skip_on_failure=True),
            report,
        ],
    )

    response = workflow.run("x")

    assert response.status == RunStatus.completed
    assert response.content == ["try 3", "ValueError: not today"]


def test_metrics_tell_how_long_each_step_took():
    workflow = Workflow(name="Measured", steps=[Step(name="Research", executor=lambda s: "x")])

    metrics = workflow.run("x").metrics

    assert metrics.duration
    for step_name, step_metrics in metrics.steps.items():
        assert step_name == step_metrics.step_name == "Research"
        assert step_metrics.duration is not None
        assert step_metrics.duration <= metrics.duration
    assert set(metrics.to_dict()) == {"duration", "steps"}
