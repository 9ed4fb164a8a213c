"""Steps that call agents of no library: any object with an async `run` or `arun`."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.engine.running import run_steps
from tuiflow import File, Image, Step, StepInput, StepOutput
from tuiflow.errors import AgentError
from tuiflow.model.events import StepContentEvent


def streamed(ran: Any) -> str:
    return "".join(each.text for each in ran.host.events if isinstance(each, StepContentEvent))


class Plain:
    """An agent of no library."""

    async def run(self, prompt: str, images: list[Image] | None = None, user_id: str = "") -> Any:
        return {"prompt": prompt, "images": images, "user": user_id}


async def test_any_object_with_an_async_run_is_an_agent_and_is_given_what_it_takes():
    image = Image(url="https://p.example/cat.png")

    ran = await run_steps(
        Step(agent=Plain()), given="hi", media=(image, File(content=b"x")), user_id="ann"
    )

    assert ran.content == {"prompt": "hi", "images": [image], "user": "ann"}


class Careful:
    async def arun(self, prompt: str) -> StepOutput:
        return StepOutput(content=prompt.upper(), stop=True)


async def test_a_step_output_of_an_agent_is_taken_as_it_is():
    ran = await run_steps(Step(agent=Careful()), lambda: "never", given="enough")

    assert ran.content == "ENOUGH"


async def test_an_agent_of_a_run_without_input_is_told_nothing():
    ran = await run_steps(Step(agent=Careful()))

    assert ran.content == ""


@dataclass
class Said:
    """What an agent tells while it runs, as Agno's do."""

    event: str
    content: object = None
    parent_run_id: str | None = None


@dataclass
class Drawn:
    """A picture as another library has it."""

    url: str
    mime_type: str = "image/png"


@dataclass
class Answer:
    content: object
    status: str = "COMPLETED"
    metrics: object = None
    images: list[object] = field(default_factory=list[object])


@dataclass
class Used:
    input_tokens: int = 7
    cached_tokens: int = 0
    model: str = "none"


class Telling:
    """An agent of no library that can tell what it does; its name is no fit one for a step."""

    name = ""

    def __init__(self, *events: object) -> None:
        self._events = events

    def arun(self, prompt: str, *, stream: bool = False, yield_run_output: bool = False) -> Any:
        assert stream == yield_run_output
        return self._tell() if stream else self._end()

    async def _tell(self) -> AsyncIterator[object]:
        for event in self._events:
            yield event

    async def _end(self) -> object:
        return self._events[-1]


async def test_an_agents_events_stream_their_text_and_its_last_word_is_the_content():
    events = [Said("RunStarted"), Said("RunContent", "fo"), Said("TeamRunContent", "ur")]
    agent = Telling(*events, Said("RunContent", {"n": 4}), Answer(4, metrics=Used()))

    ran = await run_steps(Step(agent=agent))
    whole = await run_steps(Step(agent=agent, live=False))

    assert (ran.content, streamed(ran)) == (4, "four")
    assert (whole.content, streamed(whole)) == (4, "")
    assert ran.output is not None
    output = ran.output.steps[0]
    assert (output.step_name, output.metrics) == ("Telling", {"input_tokens": 7})


async def test_what_an_agent_has_drawn_is_seen_by_the_steps_after_it():
    own = Image(url="https://p.example/own.png")
    answer = Answer("drawn", images=[own, Drawn("https://p.example/cat.png")])
    seen: list[Image] = []

    def look(step_input: StepInput) -> None:
        seen.extend(step_input.images)

    await run_steps(Step(agent=Telling(answer)), look)

    assert seen[0] is own
    assert [each.url for each in seen] == [own.url, "https://p.example/cat.png"]
    assert seen[1].mime_type == "image/png"


@pytest.mark.parametrize(
    "last",
    [Answer("gone", status="ERROR"), Answer("gone", status="paused"), Said("RunCancelled", "gone")],
)
async def test_an_agent_that_says_it_came_to_no_end_fails_its_step(last: object):
    ran = await run_steps(Step(agent=Telling(Said("RunContent", "so far"), last)))

    assert isinstance(ran.error and ran.error.__cause__, AgentError)
    assert "agent 'Telling' did not come to its end" in str(ran.error)
    assert "gone" in str(ran.error)


async def test_what_a_member_says_of_its_end_is_its_teams_to_judge():
    member = Said("RunError", "the member failed", parent_run_id="team")

    ran = await run_steps(Step(team=Telling(member, Answer("all the same"))))

    assert ran.content == "all the same"
