"""Timeouts: they end one attempt, sync code too."""

import threading
import time

import anyio
import pytest

from tests.engine.running import run_steps
from tuiflow.engine import (
    Parallel,
    Retry,
    RunContext,
    Step,
    StepInput,
    Steps,
    WorkflowDefinition,
)
from tuiflow.engine.threads import ThreadCall
from tuiflow.errors import StepTimeoutError
from tuiflow.model.events import StepErrorEvent, StepLogEvent, StepRetryingEvent
from tuiflow.model.ids import NodePath
from tuiflow.model.status import Status


async def sleep(step_input: StepInput) -> None:
    await anyio.sleep_forever()


def spin(step_input: StepInput) -> None:
    while True:
        pass


@pytest.mark.parametrize("executor", [sleep, spin])
@pytest.mark.parametrize("option", ["timeout", "timeout_seconds"])
async def test_a_timeout_ends_an_attempt_sync_code_too(executor: object, option: str):
    with anyio.fail_after(10):
        ran = await run_steps(Step(name="s", executor=executor, **{option: 0.05}))

    assert str(ran.error) == "w/s failed: StepTimeoutError: not done after 0.05 s"
    assert isinstance(ran.error and ran.error.__cause__, StepTimeoutError)
    assert ran.host.lines == [
        "WorkflowStarted w",
        "StepStarted w/s",
        "StepError w/s",
        "WorkflowError w",
    ]


@pytest.mark.parametrize("executor", [sleep, spin])
async def test_a_timeout_shows_where_the_code_was(executor: object):
    ran = await run_steps(Step(name="s", executor=executor, timeout=0.05))

    failure = next(event.failure for event in ran.host.events if isinstance(event, StepErrorEvent))
    assert failure.frames[0].function in {"sleep", "spin"}
    assert failure.frames[0].file == __file__


async def test_step_timeout_error_is_raised_inside_its_thread_and_finally_runs():
    seen: list[object] = []

    def swallow_and_clean(step_input: StepInput, run_context: RunContext) -> None:
        try:
            while True:
                try:
                    time.sleep(0.001)
                except Exception:
                    seen.append("swallowed")
        except StepTimeoutError as error:
            seen.append(str(error))
            raise
        finally:
            seen.append(run_context.cancelled)

    ran = await run_steps(Step(name="s", executor=swallow_and_clean, timeout=0.05))

    assert seen == ["out of time", True]
    assert ran.status("w/s") is Status.ERROR


@pytest.mark.usefixtures("untraced")
async def test_a_thread_that_cannot_hear_is_dropped_and_the_log_says_so():
    release = threading.Event()

    def deaf(step_input: StepInput, run_context: RunContext) -> None:
        release.wait(20)
        run_context.log("too late")

    with anyio.fail_after(10):
        ran = await run_steps(Step(name="s", executor=deaf, timeout=0.05))
    release.set()

    logs = [event.text for event in ran.host.events if isinstance(event, StepLogEvent)]
    assert len(logs) == 1
    assert logs[0].startswith("its thread did not end at the timeout, at test_timing_out.py:")
    assert str(ran.error) == "w/s failed: StepTimeoutError: not done after 0.05 s"


@pytest.mark.usefixtures("untraced")
async def test_a_dropped_thread_is_not_heard_in_the_next_attempt():
    release, done = threading.Event(), threading.Event()

    def deaf_at_first(step_input: StepInput, run_context: RunContext) -> str:
        if run_context.attempt == 1:
            try:
                release.wait(20)
            finally:
                run_context.log("too late")
                run_context.progress(1)
                done.set()
        release.set()
        assert done.wait(10)
        return "second"

    with anyio.fail_after(20):
        ran = await run_steps(Step(name="s", executor=deaf_at_first, timeout=0.3, max_retries=1))

    assert ran.content == "second"
    assert [each.attempt for each in ran.host.events if isinstance(each, StepLogEvent)] == [1]
    assert "StepProgress w/s" not in ran.host.lines


@pytest.mark.parametrize("executor", [sleep, spin])
async def test_a_timeout_is_retried_and_then_skipped(executor: object):
    with anyio.fail_after(10):
        ran = await run_steps(
            Step(
                name="s",
                executor=executor,
                timeout=0.03,
                retry=Retry(attempts=2, on=TimeoutError),
                on_error="skip",
            ),
            lambda s: s.get_step_output("s").error,
        )

    assert ran.content == "StepTimeoutError: not done after 0.03 s"
    retrying = next(event for event in ran.host.events if isinstance(event, StepRetryingEvent))
    assert retrying.failure.summary == "StepTimeoutError: not done after 0.03 s"
    assert len(ran.state.nodes[NodePath("w/s")].attempts) == 2


async def test_each_attempt_has_the_whole_time():
    async def nearly(step_input: StepInput, run_context: RunContext) -> int:
        await anyio.sleep(0.06)
        if run_context.attempt < 4:
            raise ValueError("again")
        return run_context.attempt

    ran = await run_steps(Step(name="s", executor=nearly, timeout=5, max_retries=3))

    assert ran.content == 4


async def test_waiting_for_a_free_thread_does_not_count():
    def work(step_input: StepInput) -> str:
        time.sleep(0.02)
        return "done"

    many = [Step(name=f"s{n}", executor=work, timeout=0.5) for n in range(120)]
    ran = await run_steps(Parallel(*many, name="p"))

    assert set(ran.content.values()) == {"done"}


async def test_what_is_done_in_time_is_not_touched():
    ran = await run_steps(Step(name="s", executor=lambda s: "done", timeout=60))

    assert ran.content == "done"


async def test_a_fast_failure_within_a_timeout_is_the_steps_own():
    async def broken(step_input: StepInput) -> None:
        raise TimeoutError("mine")

    ran = await run_steps(Step(name="s", executor=broken, timeout=60))

    assert str(ran.error) == "w/s failed: TimeoutError: mine"


async def test_what_a_step_gives_after_it_heard_its_timeout_is_taken():
    def partial_result(step_input: StepInput) -> str:
        try:
            while True:
                pass
        except StepTimeoutError:
            return "half of it"

    ran = await run_steps(Step(name="s", executor=partial_result, timeout=0.05))

    assert ran.content == "half of it"


@pytest.mark.parametrize("executor", [sleep, spin])
async def test_a_timeout_ends_a_nested_workflow_with_all_that_runs_in_it(executor: object):
    inner = WorkflowDefinition("inner", Steps(steps=[Step(name="s", executor=executor)]))
    with anyio.fail_after(10):
        ran = await run_steps(
            Step(name="n", workflow=inner, timeout=0.05, step_id="id-1", on_error="skip"),
            lambda s: s.get_step_output("n").error,
        )

    assert ran.content == "StepTimeoutError: not done after 0.05 s"
    assert ran.host.lines[1:5] == [
        "WorkflowStarted w/n",
        "StepStarted w/n/s",
        "StepCancelled w/n/s",
        "WorkflowError w/n",
    ]
    node = ran.state.nodes[NodePath("w/n/s")]
    assert (node.status, node.reason) == (Status.CANCELLED, "not done after 0.05 s")
    assert ran.host.events[1].step_id == "id-1"


async def test_a_thread_that_is_told_to_end_before_it_begins_never_calls_its_function():
    called: list[bool] = []
    call = ThreadCall(lambda: called.append(True), "late")

    call._interrupt(StepTimeoutError)
    has_ended = await call.wait(grace=1, on_cancel=lambda: StepTimeoutError)

    assert has_ended
    assert isinstance(call.error, StepTimeoutError)
    assert called == []
