"""Text that generators yield, as it comes and joined so that it is no flood."""

import threading
import time
from collections.abc import AsyncIterator, Iterator

import anyio
import pytest

from tests.engine.recording_host import RecordingHost
from tests.engine.running import Ran, run_steps
from tuiflow import CustomEvent
from tuiflow.engine import (
    Parallel,
    RunContext,
    RunRequest,
    Step,
    StepInput,
    StepOutput,
    Steps,
    WorkflowDefinition,
    execute,
)
from tuiflow.engine.streaming import JOIN_SECONDS, MOST_CHARS
from tuiflow.model.events import StepContentEvent
from tuiflow.model.ids import RunId


def texts(ran: Ran, path: str = "w/s") -> list[str]:
    return [
        event.text
        for event in ran.host.events
        if isinstance(event, StepContentEvent) and event.node_path == path
    ]


def flood(step_input: StepInput) -> Iterator[str]:
    for number in range(20_000):
        yield f"{number} "


async def flood_async(step_input: StepInput) -> AsyncIterator[str]:
    for number in range(20_000):
        yield f"{number} "


@pytest.mark.parametrize("executor", [flood, flood_async])
async def test_a_token_stream_is_no_flood_of_events(executor: object):
    began = time.monotonic()
    ran = await run_steps(Step(name="s", executor=executor))
    took = time.monotonic() - began

    assert len(texts(ran)) <= took / JOIN_SECONDS + 2
    assert "".join(texts(ran)) == ran.content
    assert ran.content.endswith("19999 ")


async def test_text_is_seen_while_its_step_still_waits():
    host = RecordingHost()
    go_on = threading.Event()

    def writes(step_input: StepInput) -> Iterator[str]:
        yield "one "
        yield "two"
        assert go_on.wait(10)
        yield " three"

    async def reader() -> None:
        while "StepContent w/s" not in host.lines:  # noqa: ASYNC110 - another thread writes it
            await anyio.sleep(0.005)
        go_on.set()

    definition = WorkflowDefinition("w", Steps(steps=[Step(name="s", executor=writes)]))
    with anyio.fail_after(10):
        async with anyio.create_task_group() as group:
            group.start_soon(reader)
            output = await execute(definition, RunRequest(RunId("run")), host)

    assert output.content == "one two three"
    found = [event.text for event in host.events if isinstance(event, StepContentEvent)]
    assert found == ["one two", " three"]


async def test_text_keeps_its_place_among_the_steps_other_events():
    def writes(step_input: StepInput, run_context: RunContext) -> Iterator[object]:
        yield "a"
        yield CustomEvent(name="first")
        yield "b"
        run_context.log("second")
        yield "c"
        run_context.progress(1)
        yield "d"

    ran = await run_steps(Step(name="s", executor=writes))

    assert [line.split()[0] for line in ran.host.lines[2:-2]] == [
        "StepContent",
        "CustomEvent",
        "StepContent",
        "StepLog",
        "StepContent",
        "StepProgress",
        "StepContent",
    ]


async def test_text_of_a_failed_attempt_is_kept_and_is_not_the_next_ones():
    def writes(step_input: StepInput, run_context: RunContext) -> Iterator[str]:
        yield f"try {run_context.attempt}"
        if run_context.attempt == 1:
            raise ConnectionError

    ran = await run_steps(Step(name="s", executor=writes, max_retries=1))

    assert ran.content == "try 2"
    events = [event for event in ran.host.events if isinstance(event, StepContentEvent)]
    assert [(event.attempt, event.text) for event in events] == [(1, "try 1"), (2, "try 2")]


async def test_a_step_that_is_not_live_gives_its_text_only_at_the_end():
    ran = await run_steps(Step(name="s", executor=flood, live=False))

    assert texts(ran) == []
    assert ran.content.startswith("0 1 2 ")


async def test_streams_side_by_side_are_not_mixed():
    def writer(word: str) -> object:
        def write(step_input: StepInput) -> Iterator[str]:
            for _ in range(50):
                yield word
                time.sleep(0.002)

        return write

    names = ["a", "b", "c", "d"]
    ran = await run_steps(
        Parallel(*[Step(name=name, executor=writer(name)) for name in names], name="p")
    )

    for name in names:
        assert "".join(texts(ran, f"w/p/{name}")) == name * 50


async def test_an_outputs_own_content_stands_before_the_joined_text():
    def writes(step_input: StepInput) -> Iterator[object]:
        yield "text"
        yield StepOutput(content={"sum": 1}, metrics={"tokens": 2})

    def only_metrics(step_input: StepInput) -> Iterator[object]:
        yield "text"
        yield StepOutput(metrics={"tokens": 3})

    ran = await run_steps(writes, only_metrics)

    assert ran.output
    assert [output.content for output in ran.output.steps] == [{"sum": 1}, "text"]
    assert [output.metrics for output in ran.output.steps] == [{"tokens": 2}, {"tokens": 3}]


async def test_much_text_is_cut_into_events_of_a_size():
    def writes(step_input: StepInput) -> Iterator[str]:
        for _ in range(64):
            yield "x" * 16_384

    ran = await run_steps(Step(name="s", executor=writes))

    assert "".join(texts(ran)) == ran.content
    assert max(map(len, texts(ran))) <= MOST_CHARS + 16_384
