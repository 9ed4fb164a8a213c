import gc
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from tests.tracing import UNTRACED
from tuiflow import CustomEvent, RunContext, Step, StepInput, Workflow, WorkflowRunOutput
from tuiflow.errors import InputError, RunError, StepFailedError
from tuiflow.model.events import StepContentEvent, StepLogEvent
from tuiflow.model.status import Status

WHOLE = ["WorkflowStarted", "StepStarted", "StepCompleted", "WorkflowCompleted"]


class Found(CustomEvent):
    what: str = ""


@pytest.fixture(params=["stored", "in memory"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Path | bool:
    return tmp_path / "tuiflow.db" if request.param == "stored" else False


def double(step_input: StepInput) -> int:
    return 2 * step_input.input


def speak(step_input: StepInput):
    yield "one "
    yield Found(what="a pearl")
    yield "two"


def fail(step_input: StepInput) -> None:
    raise KeyError("EUR")


def over(workflow: Workflow, run_id: str) -> WorkflowRunOutput:
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        run = workflow.get_run(run_id)
        if run is not None and run.has_completed():
            return run
        time.sleep(0.01)
    raise TimeoutError(run_id)


def test_run_with_stream_gives_an_iterator_of_events(db: Path | bool):
    workflow = Workflow(name="w", steps=[double], db=db)

    stream = workflow.run(2, stream=True)
    events = list(stream)

    assert [event.event for event in events] == WHOLE
    assert {event.run_id for event in events} == {stream.run_id}
    assert stream.output is not None
    assert stream.output.content == 4
    assert workflow.run_response is stream.output


async def test_arun_with_stream_gives_an_async_iterator_also_when_it_is_awaited(db: Path | bool):
    workflow = Workflow(name="w", steps=[double], db=db)

    plain = [event.event async for event in workflow.arun(2, stream=True)]
    awaited = [event.event async for event in await workflow.arun(2, stream=True)]

    assert plain == awaited == WHOLE


def test_a_stream_has_text_and_events_of_the_authors_classes_as_they_come(db: Path | bool):
    workflow = Workflow(name="w", steps=[speak], db=db)

    events = list(workflow.run(stream=True))

    said = [event.text for event in events if isinstance(event, StepContentEvent)]
    assert said == ["one ", "two"]
    assert [event.what for event in events if isinstance(event, Found)] == ["a pearl"]


def test_stream_events_false_leaves_the_run_as_a_whole_and_what_its_steps_say(db: Path | bool):
    workflow = Workflow(name="w", steps=[speak], db=db)

    kinds = [event.event for event in workflow.run(stream=True, stream_events=False)]

    assert kinds == [
        "WorkflowStarted",
        *("StepContent", "CustomEvent", "StepContent"),
        "WorkflowCompleted",
    ]


def test_a_workflow_can_stream_by_default(db: Path | bool):
    workflow = Workflow(name="w", steps=[double], db=db, stream=True, stream_events=False)

    kinds = [event.event for event in workflow.run(2)]  # type: ignore[union-attr]

    assert kinds == ["WorkflowStarted", "WorkflowCompleted"]
    assert workflow.run(2, stream=False).content == 4


def test_a_consumer_that_breaks_does_not_harm_the_run(db: Path | bool):
    released = threading.Event()
    workflow = Workflow(name="w", steps=[lambda s: released.wait(20), double], db=db)
    stream = workflow.run(3, stream=True)

    for _ in stream:
        break
    stream.close()
    assert list(stream) == []
    released.set()
    run = over(workflow, stream.run_id)

    assert (run.status, run.content) == (Status.COMPLETED, 6)


def test_a_stream_that_is_dropped_does_not_harm_the_run(db: Path | bool):
    released = threading.Event()
    workflow = Workflow(name="w", steps=[lambda s: released.wait(20), double], db=db)

    run_id = next(workflow.run(3, stream=True)).run_id
    gc.collect()
    released.set()

    assert over(workflow, run_id).content == 6


@pytest.mark.parametrize("leave", ["break", "aclose", "cancel", "drop"])
async def test_an_async_consumer_that_leaves_does_not_harm_the_run(db: Path | bool, leave: str):
    released = anyio.Event()

    async def wait(step_input: StepInput) -> None:
        await released.wait()

    workflow = Workflow(name="w", steps=[wait, double], db=db)
    stream = workflow.arun(3, stream=True)
    run_id = stream.run_id
    with anyio.move_on_after(0.5):
        async for _ in stream:
            if leave != "cancel":
                break
    if leave == "aclose":
        await stream.aclose()
    if leave == "drop":
        del stream
        gc.collect()
    released.set()

    with anyio.fail_after(20):
        run = await anyio.to_thread.run_sync(over, workflow, run_id)
    assert (run.status, run.content) == (Status.COMPLETED, 6)


def test_a_slow_consumer_does_not_slow_the_run_and_reads_a_page_at_a_time(db: Path | bool):
    def chatter(step_input: StepInput, run_context: RunContext) -> None:
        for number in range(5000):
            run_context.log(f"{number}")

    workflow = Workflow(name="w", steps=[chatter], db=db)
    stream = workflow.run(stream=True)

    next(stream)
    run = over(workflow, stream.run_id)
    held = len(stream._reading._page) if stream._reading else 0
    rest = [event.text for event in stream if isinstance(event, StepLogEvent)]

    assert run.status is Status.COMPLETED
    assert held < 1000
    assert rest == [f"{number}" for number in range(5000)]


def test_a_failing_run_gives_all_its_events_and_then_raises(db: Path | bool):
    workflow = Workflow(name="w", steps=[Step(name="s", executor=fail)], db=db)
    kinds: list[str] = []

    with pytest.raises(StepFailedError) as failed:
        kinds.extend(event.event for event in workflow.run(stream=True))

    assert isinstance(failed.value.__cause__, KeyError)


def test_a_run_that_is_cancelled_while_it_streams_ends_its_stream(db: Path | bool):
    def spin(step_input: StepInput) -> None:
        while True:
            pass

    workflow = Workflow(name="w", steps=[spin], db=db)
    kinds: list[str] = []

    for event in workflow.run(stream=True):
        kinds.append(event.event)
        if event.event == "StepStarted":
            assert workflow.cancel_run(event.run_id, "enough")

    assert kinds[-2:] == ["StepCancelled", "WorkflowCancelled"]
    assert workflow.run_response is not None
    assert workflow.run_response.is_cancelled


def test_a_bad_input_is_refused_before_anything_is_read(tmp_path: Path):
    workflow = Workflow(name="w", steps=[double], db=tmp_path / "x.db")

    with pytest.raises(InputError):
        workflow.run(stream=True, additional_data={"k": object()})

    assert not (tmp_path / "x.db").exists()


async def test_streaming_with_run_inside_a_loop_says_what_to_write():
    workflow = Workflow(name="w", steps=[double], db=False)

    with pytest.raises(RunError, match=r"async for event in workflow\.arun"):
        workflow.run(2, stream=True)
    with pytest.raises(RunError, match="choose stream or background"):
        workflow.arun(2, stream=True, background=True)  # type: ignore[call-overload]


SCRIPT = """
import os, signal, sys, threading, time
from tuiflow import Workflow

def is_waiting_for_an_event():
    frame = sys._current_frames()[threading.main_thread().ident]
    while frame and frame.f_code.co_name != "_next":
        frame = frame.f_back
    return frame is not None

def long(step_input):
    if step_input.input == "ctrl+c":
        while "StepStarted" not in told or not is_waiting_for_an_event():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)

told = []
workflow = Workflow(name="w", steps=[long], db=sys.argv[1])
for event in workflow.run(sys.argv[2], run_id="the-run", stream=True):
    told.append(event.event)
    {then}
"""


@pytest.fixture
def start(tmp_path: Path) -> Callable[[str, str], subprocess.Popen[str]]:
    def run(given: str, then: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", SCRIPT.format(then=then), str(tmp_path / "x.db"), given]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return run


def test_a_run_that_goes_on_never_holds_the_interpreters_exit(start, tmp_path: Path):
    with start("", "break") as script:
        script.communicate(timeout=30)

    run = Workflow(name="w", steps=[double], db=tmp_path / "x.db").get_run("the-run")
    assert script.returncode == 0
    assert run is not None
    assert run.status is Status.CRASHED
    assert "ended without a word" in run.reason


@UNTRACED
def test_ctrl_c_while_a_stream_is_read_cancels_the_run(start, tmp_path: Path):
    with start("ctrl+c", "") as script:
        _, said = script.communicate(timeout=30)

    run = Workflow(name="w", steps=[double], db=tmp_path / "x.db").get_run("the-run")
    assert "KeyboardInterrupt" in said
    assert run is not None
    assert run.is_cancelled
    assert run.reason == "its program was interrupted"
