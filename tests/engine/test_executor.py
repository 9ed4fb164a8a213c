from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest

from tests.engine.running import run_steps
from tuiflow.engine import RunContext, Step, StepInput, StepOutput, current_context
from tuiflow.errors import DefinitionError
from tuiflow.model.events import CustomEvent, StepContentEvent, StepProgressEvent


class Later:
    async def __call__(self, step_input: StepInput) -> str:
        return "called later"


class Streamed:
    def __call__(self, step_input: StepInput) -> Iterator[str]:
        yield "streamed"


class StreamedLater:
    async def __call__(self, step_input: StepInput) -> AsyncIterator[str]:
        yield "streamed later"


class Counter:
    def __call__(self, step_input: StepInput) -> str:
        return "called"

    async def method(self, step_input: StepInput) -> str:
        return "method"


def add(amount: int, step_input: StepInput) -> int:
    return amount


async def later(step_input: StepInput) -> str:
    return "later"


def generate(step_input: StepInput) -> Iterator[str]:
    yield "gener"
    yield "ated"


async def generate_later(prefix: str, step_input: StepInput) -> AsyncIterator[str]:
    yield prefix
    yield "ated"


@pytest.mark.parametrize(
    ("executor", "content"),
    [
        (lambda s: "lambda", "lambda"),
        (lambda: "nothing wanted", "nothing wanted"),
        (lambda s: later(s), "later"),
        (later, "later"),
        (partial(add, 3), 3),
        (partial(later), "later"),
        (generate, "generated"),
        (partial(generate), "generated"),
        (partial(generate_later, "gener"), "generated"),
        (lambda s: generate(s), "generated"),
        (lambda s: generate_later("gener", s), "generated"),
        (Later(), "called later"),
        (partial(Later()), "called later"),
        (Streamed(), "streamed"),
        (StreamedLater(), "streamed later"),
        (Counter(), "called"),
        (Counter().method, "method"),
        (str.upper, None),
    ],
)
async def test_any_callable_is_an_executor(executor: object, content: object):
    ran = await run_steps(Step(name="s", executor=executor))

    if content is None:
        assert ran.error is not None
    else:
        assert ran.content == content


async def test_nameless_callables_are_numbered():
    ran = await run_steps(lambda s: 1, lambda s: 2, partial(add, 1))

    assert list(ran.state.nodes) == ["w", "w/step_1", "w/step_2", "w/add"]


async def test_a_context_and_a_state_are_given_by_name():
    def step(run_context: RunContext, session_state: dict[str, int]) -> str:
        session_state["seen"] = 1
        assert current_context() is run_context
        return run_context.step_run_id

    ran = await run_steps(step, lambda session_state: session_state)

    assert ran.output
    assert ran.output.steps[0].content == "run:w/step"
    assert ran.content == {"seen": 1}


class Rated(CustomEvent):
    stars: int = 0


async def test_a_generator_streams_text_and_its_events():
    def generate(step_input: StepInput) -> Iterator[object]:
        yield "a"
        yield Rated(stars=5)
        yield "b"

    ran = await run_steps(generate)

    assert ran.content == "ab"
    texts = [e.text for e in ran.host.events if isinstance(e, StepContentEvent)]
    assert texts == ["a", "b"]
    rated = next(e for e in ran.host.events if e.kind == "CustomEvent")
    assert (rated.node_path, rated.name, rated.data) == ("w/generate", "Rated", {"stars": 5})


async def test_a_generators_output_is_the_yielded_or_returned_one():
    def returns(step_input: StepInput) -> Iterator[str]:
        yield "x"
        return StepOutput(content=1)

    async def yields(step_input: StepInput) -> AsyncIterator[object]:
        yield "x"
        yield StepOutput(content=2)

    ran = await run_steps(returns, yields)

    assert [output.content for output in ran.output.steps] == [1, 2]


async def test_a_generator_that_yields_something_else_says_what_it_may_yield():
    def generate(step_input: StepInput) -> Iterator[object]:
        yield {"a": 1}

    ran = await run_steps(generate)

    assert "not dict" in str(ran.error)


async def test_of_much_progress_the_first_and_the_last_are_kept():
    def step(run_context: RunContext) -> None:
        for _ in run_context.track(range(10_000)):
            pass

    ran = await run_steps(step)

    done = [(e.done, e.total) for e in ran.host.events if isinstance(e, StepProgressEvent)]
    assert done[0] == (0, 10_000)
    assert done[-1] == (10_000, 10_000)
    assert len(done) < 50


async def test_a_parameter_nobody_can_give_is_refused_when_the_step_is_built():
    def step(step_input: StepInput, database: str) -> None: ...

    with pytest.raises(DefinitionError, match=r"Step 's': its executor step wants .* 'database'"):
        Step(name="s", executor=step)
