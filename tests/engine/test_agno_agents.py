"""Steps that call Agno's agents and teams, on a model of our own; only where Agno is installed."""

from typing import Any

import pytest

from tests.engine.running import run_steps
from tuiflow import File, Image, Step, StepInput
from tuiflow.errors import AgentError
from tuiflow.model.events import StepContentEvent

reason = "Agno is heavy: `pip install --group agno` brings it"
agno_agent = pytest.importorskip("agno.agent", reason=reason)
models = pytest.importorskip("agno.models.base", reason=reason)
responses = pytest.importorskip("agno.models.response", reason=reason)
messages = pytest.importorskip("agno.models.message", reason=reason)
teams = pytest.importorskip("agno.team", reason=reason)
medias = pytest.importorskip("agno.media", reason=reason)
runs = pytest.importorskip("agno.run.agent", reason=reason)


class Echo(models.Model):
    """Says what it was told last, in two pieces; raises what it is told to."""

    def __init__(self, raises: Exception | None = None) -> None:
        super().__init__(id="echo")
        self.raises = raises
        self.told: list[Any] = []

    def invoke(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    def invoke_stream(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    async def ainvoke(self, messages: list[Any], *args: Any, **kwargs: Any) -> Any:
        return responses.ModelResponse(content=self._answer(messages), response_usage=used())

    async def ainvoke_stream(self, messages: list[Any], *args: Any, **kwargs: Any) -> Any:
        text = self._answer(messages)
        yield responses.ModelResponse(content=text[:3])
        yield responses.ModelResponse(content=text[3:], response_usage=used())

    def _parse_provider_response(self, response: Any, **kwargs: Any) -> Any:
        return response

    def _parse_provider_response_delta(self, response: Any) -> Any:
        return response

    def _answer(self, given: list[Any]) -> str:
        if self.raises is not None:
            raise self.raises
        self.told.append(given[-1])
        return str(given[-1].content)


def used() -> Any:
    metrics = pytest.importorskip("agno.metrics").MessageMetrics
    return metrics(input_tokens=7, output_tokens=2, total_tokens=9)


def agent(model: Echo | None = None, **options: Any) -> Any:
    return agno_agent.Agent(model=model or Echo(), telemetry=False, **options)


def streamed(ran: Any) -> str:
    return "".join(each.text for each in ran.host.events if isinstance(each, StepContentEvent))


@pytest.mark.parametrize("live", [True, False])
async def test_an_agno_agents_answer_is_the_content_and_streams_where_the_step_is_live(live: bool):
    ran = await run_steps(Step(agent=agent(name="echo"), live=live), given="hello there")

    assert ran.content == "hello there"
    assert streamed(ran) == ("hello there" if live else "")
    assert ran.output is not None
    output = ran.output.steps[0]
    assert (output.executor_type, output.executor_name) == ("agent", "echo")
    assert output.metrics["input_tokens"] == 7
    assert output.metrics["output_tokens"] == 2


async def test_an_agno_team_answers_as_one():
    team = teams.Team(members=[agent(name="member")], model=Echo(), name="both", telemetry=False)

    ran = await run_steps(Step(team=team), given="hello there")

    assert (ran.content, streamed(ran)) == ("hello there", "hello there")
    assert ran.output is not None
    assert ran.output.steps[0].executor_type == "team"


@pytest.mark.parametrize("live", [True, False])
async def test_an_agno_agent_that_only_says_that_it_failed_fails_its_step(live: bool):
    broken = agent(Echo(raises=ConnectionError("the model is away")), name="echo")

    ran = await run_steps(Step(name="ask", agent=broken, live=live), given="x")

    assert isinstance(ran.error and ran.error.__cause__, AgentError)
    assert "agent 'echo' did not come to its end" in str(ran.error)
    assert "the model is away" in str(ran.error)


async def test_an_agno_agent_is_given_media_as_agno_has_them():
    model = Echo()
    image = Image(content=b"png", mime_type="image/png")
    file = File(content=b"hello", mime_type="text/plain")

    ran = await run_steps(Step(agent=agent(model)), given="look", media=(image, file))

    assert ran.content == "look"
    (told,) = model.told
    assert [(each.id, each.content) for each in told.images] == [(image.id, b"png")]
    assert [(each.id, each.content) for each in told.files] == [(file.id, b"hello")]


async def test_what_an_agno_agent_has_drawn_is_seen_by_the_steps_after_it():
    drawn = [
        medias.Image(content=b"png", mime_type="image/png", id="one"),
        medias.Image(url="https://p.example/cat.png"),
    ]

    class Painter:
        async def arun(self, prompt: str) -> Any:
            return runs.RunOutput(content="drawn", images=drawn)

    seen: list[Image] = []

    def look(step_input: StepInput) -> None:
        seen.extend(step_input.images)

    await run_steps(Step(agent=Painter()), look)

    assert [(each.id, each.content) for each in seen[:1]] == [("one", b"png")]
    assert [each.url for each in seen] == [None, "https://p.example/cat.png"]
