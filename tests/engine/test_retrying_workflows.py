"""Tries of a whole workflow as a step: each is a nested run of its own."""

from pathlib import Path

import anyio
import pytest

from tests.engine.laws import check_laws
from tests.engine.running import cancel_when, run_steps
from tests.waiting import PATIENCE
from tuiflow import Image
from tuiflow.engine import (
    Retry,
    RunContext,
    Step,
    StepInput,
    Steps,
    WorkflowDefinition,
)
from tuiflow.model.events import StepRetryingEvent, WorkflowErrorEvent, WorkflowStartedEvent
from tuiflow.model.ids import NodePath
from tuiflow.model.log_check import LogCheck
from tuiflow.model.promise import broken_promises
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status

N = NodePath("w/n")


class Inner:
    """A workflow of two steps, whose second one fails the first few times."""

    def __init__(self, failures: int, error: Exception | None = None) -> None:
        self.calls: list[str] = []
        self.failures = failures
        self.error = error or ConnectionError("gone")
        self.definition = WorkflowDefinition("inner", Steps(steps=[self.first, self.second]))

    async def first(self, step_input: StepInput, run_context: RunContext) -> str:
        self.calls.append(f"first #{run_context.attempt}")
        return "first"

    async def second(self, step_input: StepInput) -> str:
        self.calls.append("second")
        if self.calls.count("second") <= self.failures:
            raise self.error
        return f"{step_input.previous_step_content} of {self.calls.count('second')}"

    def step(self, **options: object) -> Step:
        return Step(name="n", workflow=self.definition, **options)


async def test_each_try_of_a_workflow_is_a_nested_run_of_its_own_that_runs_all_its_steps():
    inner = Inner(failures=2)

    ran = await run_steps(inner.step(retry=Retry(attempts=3)))

    assert ran.content == "first of 3"
    assert inner.calls == ["first #1", "second"] * 3
    assert [str(path) for _, _, path in ran.host.nested] == ["w/n"] * 3
    starts = [e for e in ran.host.events if isinstance(e, WorkflowStartedEvent) and e.nested_run_id]
    assert [(e.nested_run_id, e.attempt, e.max_attempts) for e in starts] == [
        ("nested-1", 1, 3),
        ("nested-2", 2, 3),
        ("nested-3", 3, 3),
    ]
    ends = [e for e in ran.host.events if isinstance(e, WorkflowErrorEvent)]
    assert [e.nested_run_id for e in ends] == ["nested-1", "nested-2"]
    assert list(broken_promises(ran.host.events)) == []


async def test_a_workflow_that_is_tried_twice_has_its_sequence_of_events():
    ran = await run_steps(Inner(failures=9).step(max_retries=1))

    assert [f"{event.kind} {event.node_path} #{event.attempt}" for event in ran.host.events] == [
        "WorkflowStarted w #1",
        "WorkflowStarted w/n #1",
        "StepStarted w/n/first #1",
        "StepCompleted w/n/first #1",
        "StepStarted w/n/second #1",
        "StepError w/n/second #1",
        "WorkflowError w/n #1",
        "StepRetrying w/n #1",
        "WorkflowStarted w/n #2",
        "StepStarted w/n/first #1",
        "StepCompleted w/n/first #1",
        "StepStarted w/n/second #1",
        "StepError w/n/second #1",
        "WorkflowError w/n #2",
        "WorkflowError w #1",
    ]


async def test_the_wait_for_the_next_try_is_its_hosts_and_says_what_it_waits_for():
    inner = Inner(failures=1)

    ran = await run_steps(inner.step(retry=Retry(attempts=2, delay=0.01, jitter=0)))

    (retrying,) = [e for e in ran.host.events if isinstance(e, StepRetryingEvent)]
    assert (retrying.node_path, retrying.nested_run_id) == (N, None)
    assert (retrying.attempt, retrying.next_attempt, retrying.delay) == (1, 2, 0.01)
    assert retrying.failure.message == "gone"
    waiting = RunState().after(ran.host.events[: ran.host.events.index(retrying) + 1]).nodes[N]
    assert (waiting.status, waiting.reason) == (Status.RUNNING, "try 2/2 in 0.0 s")


async def test_the_tree_shows_the_newest_try_alone_and_all_tries_of_the_workflow():
    inner = Inner(failures=1)

    ran = await run_steps(inner.step(max_retries=1))

    node = ran.state.nodes[N]
    assert [attempt.number for attempt in node.attempts] == [1, 2]
    assert [attempt.failure is None for attempt in node.attempts] == [False, True]
    assert (node.nested_run_id, node.failure) == ("nested-2", None)
    assert [len(ran.state.nodes[child].attempts) for child in node.children] == [1, 1]
    second = next(e.seq for e in ran.host.events if e.nested_run_id == "nested-2")
    begun = RunState().after(ran.host.events[:second])
    assert [begun.nodes[child].status for child in node.children] == [Status.PENDING] * 2


async def test_on_speaks_of_what_a_step_inside_has_raised():
    fits, fits_not = Inner(failures=1), Inner(failures=1, error=ValueError("bad"))

    await run_steps(fits.step(retry=Retry(attempts=2, on=ConnectionError)))
    failed = await run_steps(fits_not.step(retry=Retry(attempts=2, on=ConnectionError)))

    assert fits.calls.count("second") == 2
    assert fits_not.calls.count("second") == 1
    assert failed.error is not None
    assert failed.error.node_path == "w/n/second"


@pytest.mark.parametrize("on_error", ["fail", "skip"])
async def test_on_error_of_a_workflows_step_speaks_after_its_last_try(on_error: str):
    inner = Inner(failures=9)

    ran = await run_steps(
        inner.step(max_retries=1, on_error=on_error), lambda s: s.get_step_output("n").error
    )

    assert inner.calls.count("second") == 2
    if on_error == "skip":
        assert ran.content == "ConnectionError: gone"
    else:
        assert isinstance(ran.error and ran.error.__cause__, ConnectionError)


async def test_a_timeout_of_a_workflows_step_is_for_each_try():
    tries: list[int] = []

    async def slow_once(step_input: StepInput) -> int:
        tries.append(1)
        if len(tries) == 1:
            await anyio.sleep_forever()
        return len(tries)

    inner = WorkflowDefinition("inner", Steps(steps=[slow_once]))
    with anyio.fail_after(PATIENCE):
        ran = await run_steps(
            Step(name="n", workflow=inner, timeout=0.3, retry=Retry(attempts=2, on=TimeoutError))
        )

    assert ran.content == 2
    assert "StepCancelled w/n/slow_once" in ran.host.lines


async def test_a_cancel_while_a_workflow_waits_for_its_next_try_ends_no_run_twice():
    inner = Inner(failures=9)

    host = await cancel_when("StepRetrying w/n", inner.step(retry=Retry(attempts=2, delay=60)))

    assert host.lines[-4:] == [
        "WorkflowError w/n",
        "StepRetrying w/n",
        "StepCancelled w/n",
        "WorkflowCancelled w",
    ]
    check_laws(host.events)
    check = LogCheck()
    assert [problem for event in host.events for problem in check.after(event)] == []
    node = RunState().after(host.events).nodes[N]
    assert (node.status, node.reason) == (Status.CANCELLED, "asked")


async def test_a_nested_run_that_cannot_keep_its_media_fails_as_itself(tmp_path: Path):
    path = tmp_path / "cat.png"
    path.write_bytes(b"png")

    async def delete(step_input: StepInput) -> None:
        path.unlink()

    ran = await run_steps(delete, Inner(failures=0).step(), media=(Image(filepath=path),))

    assert ran.error is not None
    assert "there is no such file" in str(ran.error)
    starts = [e for e in ran.host.events if isinstance(e, WorkflowStartedEvent)]
    assert [e.nested_run_id for e in starts] == [None, "nested-1"]
    check_laws(ran.host.events)


async def test_a_cancel_after_a_timeout_says_why_it_was_cancelled():
    async def slow(step_input: StepInput) -> None:
        await anyio.sleep_forever()

    retry = Retry(attempts=2, delay=60)
    step = Step(name="s", executor=slow, timeout=0.01, retry=retry)

    host = await cancel_when("StepRetrying w/s", step)

    assert RunState().after(host.events).nodes[NodePath("w/s")].reason == "asked"
