import asyncio  # noqa: TID251 - as a step of an author may
import re
import threading
from collections.abc import AsyncIterator

import anyio
import pytest

from tests.engine.laws import check_laws
from tests.engine.recording_host import RecordingHost
from tests.engine.running import cancel_when, run_steps
from tests.waiting import PATIENCE
from tuiflow.engine import (
    Condition,
    Loop,
    Parallel,
    RunContext,
    RunRequest,
    Step,
    StepInput,
    Steps,
    WorkflowDefinition,
    execute,
)
from tuiflow.errors import StoreError
from tuiflow.model.events import StepErrorEvent, StepLogEvent, WorkflowErrorEvent
from tuiflow.model.ids import RunId
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status


async def fine(step_input: StepInput) -> str:
    return "fine"


def broken(step_input: StepInput) -> None:
    raise KeyError("EUR")


async def test_a_failed_step_fails_the_run_and_names_itself():
    ran = await run_steps(Steps(name="s", steps=[broken]), fine)

    assert isinstance(ran.error and ran.error.__cause__, KeyError)
    assert str(ran.error) == "w/s/broken failed: KeyError: 'EUR'"
    assert ran.host.lines[1:] == [
        "StepsExecutionStarted w/s",
        "StepStarted w/s/broken",
        "StepError w/s/broken",
        "StepsExecutionCompleted w/s",
        "WorkflowError w",
    ]
    assert ran.status("w/fine") is Status.SKIPPED


async def test_a_failure_shows_the_authors_lines_and_not_the_engines():
    ran = await run_steps(broken)

    failures = [
        e.failure for e in ran.host.events if isinstance(e, StepErrorEvent | WorkflowErrorEvent)
    ]
    assert [[frame.function for frame in each.frames] for each in failures] == [["broken"]] * 2


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), StopIteration(1)])
@pytest.mark.parametrize("is_async", [True, False])
async def test_what_would_end_a_process_fails_only_the_step(error: BaseException, is_async: bool):
    def raise_it(step_input: StepInput) -> None:
        raise error

    async def raise_it_there(step_input: StepInput) -> None:
        raise error

    ran = await run_steps(raise_it_there if is_async else raise_it)

    assert ran.state.status is Status.ERROR


async def test_skip_goes_on_without_the_failed_steps_content():
    ran = await run_steps(
        fine,
        Step(name="b", executor=broken, on_error="skip"),
        Step(name="after", executor=lambda s: s.previous_step_content),
    )

    assert ran.content is None
    assert ran.status("w/b") is Status.ERROR
    assert ran.state.status is Status.COMPLETED
    assert ran.output
    assert ran.output.steps[1].success is False


async def test_a_composite_can_be_skipped_as_a_whole():
    ran = await run_steps(Steps(name="s", steps=[broken, fine], on_error="skip"), fine)

    assert ran.content == "fine"
    assert ran.status("w/s") is Status.ERROR
    assert ran.status("w/s/fine") is Status.SKIPPED


async def test_the_siblings_of_a_failed_branch_finish():
    ran = await run_steps(Parallel(broken, fine, Step(name="also", executor=broken), name="p"))

    assert ran.status("w/p/fine") is Status.COMPLETED
    assert str(ran.error).startswith("w/p/broken failed")
    assert ran.error
    assert ran.error.__notes__ == ["also: w/p/also failed: KeyError: 'EUR'"]


async def test_the_first_failure_cancels_the_other_branches_with_fail_fast():
    async def wait(step_input: StepInput) -> None:
        await anyio.sleep_forever()

    with anyio.fail_after(PATIENCE):
        ran = await run_steps(Parallel(wait, broken, name="p", fail_fast=True))

    assert ran.status("w/p/wait") is Status.CANCELLED
    assert ran.status("w/p") is Status.ERROR


async def test_an_evaluator_or_end_condition_that_raises_fails_its_node():
    condition = await run_steps(Condition(name="c", evaluator=broken, steps=[fine]))
    loop = await run_steps(Loop(name="l", steps=[fine], end_condition=broken))

    assert condition.host.lines[1:3] == [
        "ConditionExecutionStarted w/c",
        "ConditionExecutionCompleted w/c",
    ]
    assert condition.status("w/c") is Status.ERROR
    assert loop.status("w/l[1]") is Status.ERROR


async def cancel_while(step: object, *, grace: float = 3.0) -> RecordingHost:
    """Cancel once the step has started; the host of what happened."""
    host = await cancel_when("StepLog w/it", fine, step, grace=grace)
    assert host.lines[-2:] == ["StepCancelled w/it", "WorkflowCancelled w"]
    assert RunState().after(host.events).run.reason == "asked"
    assert host.committed == len(host.events)
    return host


async def test_a_spinning_sync_step_is_cancelled_and_its_finally_runs():
    cleaned: list[bool] = []

    def spin(step_input: StepInput, run_context: RunContext) -> None:
        run_context.log("spinning")
        try:
            while True:
                pass
        finally:
            cleaned.append(run_context.cancelled)

    await cancel_while(Step(name="it", executor=spin))

    assert cleaned == [True]


async def test_an_async_step_is_cancelled_where_it_waits():
    async def wait(step_input: StepInput, run_context: RunContext) -> None:
        run_context.log("waiting")
        try:
            await anyio.sleep_forever()
        finally:
            raise ValueError("while cleaning up")

    await cancel_while(Step(name="it", executor=wait))


@pytest.mark.usefixtures("untraced")
async def test_a_thread_that_does_not_hear_is_left_behind():
    release = threading.Event()

    def deaf(step_input: StepInput, run_context: RunContext) -> None:
        run_context.log("deaf")
        release.wait(20)
        run_context.log("too late")

    host = await cancel_while(Step(name="it", executor=deaf), grace=0.1)
    release.set()

    logs = [event.text for event in host.events if isinstance(event, StepLogEvent)]
    assert logs[0] == "deaf"
    assert re.fullmatch(
        r"its thread did not end at the cancel, at test_failing\.py:\d+, and is left behind: "
        "it ends with its process",
        logs[1],
    )
    assert len(logs) == 2


async def test_a_steps_own_cancelled_error_is_a_failure():
    async def raise_it(step_input: StepInput) -> None:
        raise anyio.get_cancelled_exc_class()

    ran = await run_steps(raise_it)

    assert ran.state.status is Status.ERROR


async def test_a_step_that_cancels_its_own_task_ends_its_run_as_cancelled():
    async def cancel_itself(step_input: StepInput) -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await anyio.sleep_forever()

    ran = await run_steps(cancel_itself)

    check_laws(ran.host.events)
    assert (ran.output, ran.error, ran.state.status) == (None, None, Status.CANCELLED)


class FullDisk(RecordingHost):
    """Stops being able to keep anything after so many commits."""

    def __init__(self, good: int) -> None:
        super().__init__()
        self.good = good

    async def commit(self) -> None:
        await super().commit()
        self.good -= 1
        if self.good < 0:
            raise StoreError("the disk is full")


@pytest.mark.parametrize("good", [0, 1, 2])
async def test_a_run_that_cannot_be_recorded_fails_loudly_wherever_it_stands(good: int):
    definition = WorkflowDefinition("w", Steps(steps=[Parallel(fine, fine, name="p")]))

    with pytest.raises(StoreError, match="the disk is full"):
        await execute(definition, RunRequest(RunId("run")), FullDisk(good))


async def test_an_async_generator_is_closed_when_its_step_is_cancelled():
    closed: list[bool] = []

    async def generate(step_input: StepInput, run_context: RunContext) -> AsyncIterator[str]:
        try:
            run_context.log("generating")
            yield "a"
            await anyio.sleep_forever()
        finally:
            closed.append(True)

    await cancel_while(Step(name="it", executor=generate))

    assert closed == [True]
