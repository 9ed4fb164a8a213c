"""Steps that call agents, with pydantic-ai's own test models."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_ai import Agent, BinaryContent, ImageUrl, ToolReturnPart, UserPromptPart
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, FunctionModel
from pydantic_ai.models.test import TestModel

from tests.engine.running import run_steps
from tuiflow import File, Image, Parallel, Retry, Step, StepOutput, current_context
from tuiflow.model.events import StepContentEvent, StepLogEvent, StepRetryingEvent


class Ticket(BaseModel):
    team: str
    urgent: bool


def prompts(messages: list[ModelMessage]) -> list[Any]:
    parts = [part for message in messages for part in message.parts]
    return [part.content for part in parts if isinstance(part, UserPromptPart)]


def echoing(**options: Any) -> Agent[None, str]:
    """Make an agent that says what it is told, in two pieces."""

    async def stream(messages: list[ModelMessage], info: AgentInfo):
        text = str(prompts(messages)[-1])
        yield text[:3]
        yield text[3:]

    return Agent(FunctionModel(stream_function=stream), **options)


def streamed(ran: Any) -> str:
    return "".join(each.text for each in ran.host.events if isinstance(each, StepContentEvent))


async def test_an_agent_is_told_the_runs_input_and_its_answer_is_the_content():
    ran = await run_steps(Step(name="ask", agent=echoing()), given="hello there")

    assert ran.content == "hello there"


async def test_an_agent_is_told_what_the_step_before_it_gave():
    ran = await run_steps(lambda step_input: 42, Step(agent=echoing(name="ask")), given="hello")

    assert ran.content == "42"


async def test_after_a_parallel_an_agent_is_told_a_heading_for_each_branch():
    look = Parallel(
        Step(name="left", executor=lambda: "a"), Step(name="right", executor=lambda: "b")
    )

    ran = await run_steps(look, Step(name="ask", agent=echoing()))

    assert ran.content == "## left\n\na\n\n## right\n\nb"


async def test_an_agents_text_streams_as_it_comes():
    ran = await run_steps(Step(name="ask", agent=echoing()), given="hello there")

    assert streamed(ran) == "hello there"


async def test_a_step_that_is_not_live_asks_its_agent_for_the_whole_answer():
    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        return ModelResponse(parts=[TextPart("whole")])

    step = Step(name="ask", agent=Agent(FunctionModel(answer)), live=False)
    ran = await run_steps(step, given="hello")

    assert (ran.content, streamed(ran)) == ("whole", "")


async def test_an_agents_typed_output_is_the_content_for_the_next_step():
    agent = Agent(
        TestModel(custom_output_args={"team": "billing", "urgent": True}), output_type=Ticket
    )
    seen: list[Any] = []

    await run_steps(
        Step(name="sort", agent=agent),
        lambda step_input: seen.append(step_input.previous_step_content),
        given="I was charged twice",
    )

    assert seen == [Ticket(team="billing", urgent=True)]


async def test_an_output_schema_makes_an_agents_text_a_model():
    agent = Agent(TestModel(custom_output_text='{"team": "billing", "urgent": false}'))

    ran = await run_steps(Step(name="sort", agent=agent, output_schema=Ticket), given="hello")

    assert ran.content == Ticket(team="billing", urgent=False)


async def test_what_an_agent_used_is_in_the_outputs_metrics_and_in_the_event():
    ran = await run_steps(Step(name="ask", agent=Agent(TestModel())), given="hello")

    assert ran.output is not None
    assert ran.output.steps[0].metrics == {"requests": 1, "input_tokens": 51, "output_tokens": 4}
    completed = next(each for each in ran.host.events if each.event == "StepCompleted")
    assert completed.metrics == ran.output.steps[0].metrics


@pytest.mark.parametrize("role", ["agent", "team"])
async def test_an_output_says_that_an_agent_or_a_team_gave_it(role: str):
    ran = await run_steps(Step(**{role: echoing(name="helper")}), given="x")

    assert ran.output is not None
    output = ran.output.steps[0]
    assert (output.executor_type, output.executor_name) == (role, "helper")
    assert output.step_name == "helper"


async def test_an_agents_tools_write_to_the_log_of_their_step():
    agent = Agent(TestModel())

    @agent.tool_plain
    def look_up(name: str) -> str:
        current_context().log(f"looked up {name}")
        return "found"

    ran = await run_steps(Step(name="ask", agent=agent), given="x")

    logs = [
        (each.node_path, each.text) for each in ran.host.events if isinstance(each, StepLogEvent)
    ]
    assert logs == [("w/ask", "looked up a")]


async def test_an_agent_that_fails_fails_its_step_with_its_own_error():
    async def fail(messages: list[ModelMessage], info: AgentInfo):
        raise ConnectionError("the model is away")
        yield ""

    ran = await run_steps(Step(name="ask", agent=Agent(FunctionModel(stream_function=fail))))

    assert isinstance(ran.error and ran.error.__cause__, ConnectionError)
    assert str(ran.error) == "w/ask failed: ConnectionError: the model is away"


async def test_an_agent_is_asked_again_as_its_retry_says():
    tries: list[int] = []

    async def answer(messages: list[ModelMessage], info: AgentInfo):
        tries.append(1)
        if len(tries) == 1:
            raise ConnectionError("away")
        yield "there"

    step = Step(
        name="ask", agent=Agent(FunctionModel(stream_function=answer)), retry=Retry(attempts=2)
    )
    ran = await run_steps(step)

    assert ran.content == "there"
    assert [type(each) for each in ran.host.events].count(StepRetryingEvent) == 1


async def test_an_agent_is_given_the_runs_media_and_those_of_earlier_steps(tmp_path: Path):
    seen: list[Any] = []

    async def look(messages: list[ModelMessage], info: AgentInfo):
        seen.extend(prompts(messages)[-1])
        yield "seen"

    (tmp_path / "notes.txt").write_text("hello")
    given = (Image(url="https://p.example/cat.png"), File(filepath=tmp_path / "notes.txt"))
    ran = await run_steps(
        lambda: StepOutput(content="drawn", images=[Image(content=b"png", mime_type="image/png")]),
        Step(name="look", agent=Agent(FunctionModel(stream_function=look))),
        media=given,
    )

    assert ran.content == "seen"
    text, url, file, drawn = seen
    assert text == "drawn"
    assert isinstance(url, ImageUrl)
    assert url.url == "https://p.example/cat.png"
    assert isinstance(file, BinaryContent)
    assert (file.data, file.media_type) == (b"hello", "text/plain")
    assert (drawn.data, drawn.media_type) == (b"png", "image/png")


async def test_text_beside_a_tool_call_streams_and_only_the_last_answer_is_the_content():
    async def answer(messages: list[ModelMessage], info: AgentInfo):
        if any(isinstance(part, ToolReturnPart) for part in messages[-1].parts):
            yield "it is 4"
        else:
            yield "let me see. "
            yield {1: DeltaToolCall(name="double", json_args=json.dumps({"n": 2}))}

    agent = Agent(FunctionModel(stream_function=answer))

    @agent.tool_plain
    def double(n: int) -> int:
        return 2 * n

    ran = await run_steps(Step(name="ask", agent=agent), given="2?")

    assert (ran.content, streamed(ran)) == ("it is 4", "let me see. it is 4")
