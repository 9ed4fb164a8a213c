"""Workflow patterns as their users write them: each a whole small program."""

import anyio
import anyio.lowlevel
from pydantic import BaseModel, Field

from tuiflow import (
    Condition,
    Loop,
    Parallel,
    Router,
    Step,
    StepInput,
    StepOutput,
    Steps,
    Workflow,
    WorkflowExecutionInput,
)


def search_news(step_input: StepInput) -> StepOutput:
    return StepOutput(content=f"News about {step_input.input}")


def search_papers(step_input: StepInput) -> StepOutput:
    return StepOutput(content=f"Papers about {step_input.input}")


def write_article(step_input: StepInput) -> StepOutput:
    return StepOutput(content=f"Article from: {step_input.previous_step_content}")


def test_a_sequence_of_named_steps():
    workflow = Workflow(
        name="Article Creation",
        description="Research, then write",
        steps=[
            Step(name="Research", executor=search_news),
            Step(name="Writing", executor=write_article),
        ],
    )

    response = workflow.run(input="AI trends")

    assert response.content == "Article from: News about AI trends"


def test_functions_stand_in_the_list_without_a_step():
    workflow = Workflow(name="Mixed", steps=[search_news, Step(name="W", executor=write_article)])

    assert workflow.run("tea").content == "Article from: News about tea"


def test_parallel_steps_are_read_by_their_names():
    def combine(step_input: StepInput) -> StepOutput:
        found = step_input.get_step_content("Research Phase")
        return StepOutput(content=" + ".join(found[name] for name in ("News", "Papers")))

    workflow = Workflow(
        name="Parallel Research",
        steps=[
            Parallel(
                Step(name="News", executor=search_news),
                Step(name="Papers", executor=search_papers),
                name="Research Phase",
            ),
            Step(name="Combine", executor=combine),
        ],
    )

    assert workflow.run("bees").content == "News about bees + Papers about bees"


def test_a_condition_runs_its_steps_only_when_they_are_needed():
    def needs_papers(step_input: StepInput) -> bool:
        return "science" in (step_input.get_input_as_string() or "")

    workflow = Workflow(
        name="Conditional",
        steps=[
            Step(name="News", executor=search_news),
            Condition(
                name="Papers?",
                evaluator=needs_papers,
                steps=[Step(name="Papers", executor=search_papers)],
            ),
        ],
    )

    assert workflow.run("science of tea").content == "Papers about science of tea"
    assert workflow.run("tea").content == "News about tea"


def test_a_loop_goes_on_until_its_end_condition_holds():
    rounds: list[int] = []

    def collect(step_input: StepInput) -> StepOutput:
        rounds.append(len(rounds))
        return StepOutput(content="x" * 100 * len(rounds))

    def is_enough(outputs: list[StepOutput]) -> bool:
        return any(len(output.content or "") >= 300 for output in outputs)

    workflow = Workflow(
        name="Quality",
        steps=[Loop(name="Again", steps=[collect], end_condition=is_enough, max_iterations=5)],
    )

    assert len(workflow.run("topic").content) == 300
    assert len(rounds) == 3


def test_a_router_chooses_among_its_steps():
    news = Step(name="News", executor=search_news)
    papers = Step(name="Papers", executor=search_papers)

    def choose(step_input: StepInput) -> list[Step]:
        return [papers] if "research" in step_input.input else [news]

    workflow = Workflow(
        name="Routed", steps=[Router(name="Which", selector=choose, choices=[news, papers])]
    )

    assert workflow.run("research on bees").content == "Papers about research on bees"
    assert workflow.run("bees").content == "News about bees"


def test_steps_are_grouped_and_used_again():
    research = Steps(
        name="Article",
        steps=[
            Step(name="Research", executor=search_news),
            Step(name="Write", executor=write_article),
        ],
    )
    workflow = Workflow(name="Grouped", steps=[research])

    assert workflow.run("tea").content == "Article from: News about tea"


def test_a_step_stops_the_workflow_early():
    def gate(step_input: StepInput) -> StepOutput:
        if "password" in step_input.input:
            return StepOutput(content="Stopped: not safe", stop=True)
        return StepOutput(content="Safe")

    workflow = Workflow(name="Gate", steps=[gate, write_article])

    assert workflow.run("my password").content == "Stopped: not safe"
    assert workflow.run("hello").content == "Article from: Safe"


def test_any_earlier_step_is_read_by_its_name():
    def report(step_input: StepInput) -> StepOutput:
        news = step_input.get_step_content("News") or ""
        everything = step_input.get_all_previous_content()
        return StepOutput(content=f"{news} / {len(everything) > len(news)}")

    workflow = Workflow(
        name="Report",
        steps=[
            Step(name="News", executor=search_news),
            Step(name="Papers", executor=search_papers),
            Step(name="Report", executor=report),
        ],
    )

    assert workflow.run("tea").content == "News about tea / True"


class ResearchTopic(BaseModel):
    topic: str
    focus_areas: list[str] = Field(min_length=1)


def test_the_input_is_a_model():
    def plan(step_input: StepInput) -> StepOutput:
        request: ResearchTopic = step_input.input
        return StepOutput(content=f"{request.topic}: {', '.join(request.focus_areas)}")

    workflow = Workflow(name="Structured", steps=[plan], input_schema=ResearchTopic)

    assert workflow.run(input=ResearchTopic(topic="AI", focus_areas=["a"])).content == "AI: a"
    assert workflow.run(input={"topic": "AI", "focus_areas": ["b"]}).content == "AI: b"


def test_additional_data_reaches_every_step():
    def mail(step_input: StepInput) -> StepOutput:
        data = step_input.additional_data or {}
        return StepOutput(content=f"to {data['user_email']}, {data['priority']}")

    workflow = Workflow(name="Mail", steps=[mail])
    response = workflow.run(
        input="x", additional_data={"user_email": "a@example.org", "priority": "high"}
    )

    assert response.content == "to a@example.org, high"


def test_one_function_instead_of_steps():
    def custom_execution(workflow: Workflow, execution_input: WorkflowExecutionInput) -> str:
        topic = str(execution_input.input)
        return "\n".join(f"- {part} of {topic}" for part in ("market", "risks"))

    workflow = Workflow(name="Function", steps=custom_execution)

    assert workflow.run("tea").content == "- market of tea\n- risks of tea"


def test_one_async_generator_instead_of_steps():
    async def custom_execution(workflow: Workflow, execution_input: WorkflowExecutionInput):
        for word in execution_input.input.split():
            await anyio.lowlevel.checkpoint()
            yield f"{word}! "

    workflow = Workflow(name="Function", steps=custom_execution)

    assert workflow.run("one two").content == "one! two! "


def test_a_workflow_is_a_step_of_another():
    inner = Workflow(name="Inner", steps=[search_news])
    outer = Workflow(name="Outer", steps=[Step(name="Research", workflow=inner), write_article])

    assert outer.run("tea").content == "Article from: News about tea"
