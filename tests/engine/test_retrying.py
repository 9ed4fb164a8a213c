"""Tries: every attempt is an event, and a wait says what it waits for."""

import anyio
import pytest

from tests.engine.running import cancel_when, run_steps
from tuiflow.engine import (
    OnError,
    Parallel,
    Retry,
    RunContext,
    Step,
    StepInput,
)
from tuiflow.errors import DefinitionError, StepTimeoutError
from tuiflow.model.events import (
    StepCancelledEvent,
    StepErrorEvent,
    StepProgressEvent,
    StepRetryingEvent,
    StepStartedEvent,
)
from tuiflow.model.ids import NodePath
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status


class Flaky:
    """Fails so many times, then gives the number of the attempt."""

    def __init__(self, failures: int, error: BaseException | None = None) -> None:
        self.failures = failures
        self.error = error or ConnectionError("gone")
        self.attempts: list[int] = []

    async def __call__(self, step_input: StepInput, run_context: RunContext) -> int:
        self.attempts.append(run_context.attempt)
        run_context.progress(run_context.attempt)
        if len(self.attempts) <= self.failures:
            raise self.error
        return run_context.attempt


def step(executor: object, **options: object) -> Step:
    return Step(name="s", executor=executor, **options)


async def test_every_attempt_is_an_event_and_knows_its_number():
    flaky = Flaky(2)

    ran = await run_steps(step(flaky, retry=Retry(attempts=3)))

    assert ran.content == 3
    assert flaky.attempts == [1, 2, 3]
    assert [line for line in ran.host.lines if "Progress" not in line] == [
        "WorkflowStarted w",
        "StepStarted w/s",
        "StepRetrying w/s",
        "StepStarted w/s",
        "StepRetrying w/s",
        "StepStarted w/s",
        "StepCompleted w/s",
        "WorkflowCompleted w",
    ]
    assert [event.attempt for event in ran.host.events[1:-1]] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    starts = [event for event in ran.host.events if isinstance(event, StepStartedEvent)]
    assert [start.max_attempts for start in starts] == [3, 3, 3]
    assert [each.attempt for each in ran.host.events if isinstance(each, StepProgressEvent)] == [
        1,
        2,
        3,
    ]


async def test_the_state_keeps_each_attempt_with_its_failure():
    ran = await run_steps(step(Flaky(1), retry=Retry(attempts=2)))

    node = ran.state.nodes[NodePath("w/s")]
    assert [attempt.number for attempt in node.attempts] == [1, 2]
    assert [each.failure.summary if each.failure else "" for each in node.attempts] == [
        "ConnectionError: gone",
        "",
    ]
    assert node.status is Status.COMPLETED
    assert node.failure is None
    assert node.max_attempts == 2


async def test_no_retries_unless_asked_for():
    flaky = Flaky(1)

    ran = await run_steps(step(flaky))

    assert flaky.attempts == [1]
    assert ran.error


async def test_max_retries_is_one_less_than_the_attempts():
    flaky = Flaky(9)

    ran = await run_steps(step(flaky, max_retries=2))

    assert flaky.attempts == [1, 2, 3]
    assert ran.error
    assert ran.error.attempt == 3
    assert ran.error.__cause__ is flaky.error


async def test_only_the_last_failure_fails_the_step():
    ran = await run_steps(step(Flaky(9), max_retries=1))

    ends = [e for e in ran.host.events if isinstance(e, StepRetryingEvent | StepErrorEvent)]
    assert [(end.kind, end.attempt) for end in ends] == [("StepRetrying", 1), ("StepError", 2)]


async def test_on_error_speaks_after_the_last_attempt():
    flaky = Flaky(9)

    ran = await run_steps(
        step(flaky, max_retries=1, on_error=OnError.skip),
        Step(name="after", executor=lambda s: s.get_step_output("s").error),
    )

    assert flaky.attempts == [1, 2]
    assert ran.content == "ConnectionError: gone"


@pytest.mark.parametrize(
    ("on", "error", "attempts"),
    [
        (ConnectionError, ConnectionError(), 2),
        (ConnectionError, ConnectionResetError(), 2),
        ((KeyError, ConnectionError), KeyError(), 2),
        ([ConnectionError], ValueError(), 1),
        (Exception, SystemExit(1), 1),
        (BaseException, SystemExit(1), 2),
        (ConnectionError, ExceptionGroup("g", [ConnectionError(), ConnectionError()]), 2),
        (ConnectionError, ExceptionGroup("g", [ConnectionError(), ValueError()]), 1),
    ],
)
async def test_exceptions_that_do_not_match_on_fail_at_once(
    on: type[BaseException], error: BaseException, attempts: int
):
    flaky = Flaky(9, error)

    await run_steps(step(flaky, retry=Retry(attempts=2, on=on)))

    assert len(flaky.attempts) == attempts


async def test_waiting_shows_what_it_waits_for_and_for_how_long():
    retry = Retry(attempts=3, delay=0.01, backoff=3, jitter=0)

    ran = await run_steps(step(Flaky(2), retry=retry))

    waits = [event for event in ran.host.events if isinstance(event, StepRetryingEvent)]
    assert [wait.delay for wait in waits] == pytest.approx([0.01, 0.03])
    assert [wait.next_attempt for wait in waits] == [2, 3]
    assert {wait.failure.summary for wait in waits} == {"ConnectionError: gone"}
    for wait in waits:
        following = next(event for event in ran.host.events if event.seq > wait.seq)
        assert following.at - wait.at >= wait.delay * 0.9 * 1_000_000
    waiting = RunState().after(ran.host.events[: waits[0].seq]).nodes[NodePath("w/s")]
    assert waiting.status is Status.RUNNING
    assert waiting.reason == "try 2/3 in 0.0 s"
    assert waiting.failure == waits[0].failure


def test_the_wait_grows_up_to_its_most_and_chance_moves_it_by_a_share():
    exact = Retry(attempts=2000, delay=1, backoff=10, max_delay=50, jitter=0)
    moved = Retry(attempts=2, delay=10, jitter=0.5)

    assert [exact.wait_after(n, ValueError()) for n in (1, 2, 3, 1999)] == [1, 10, 50, 50]
    assert exact.wait_after(2000, ValueError()) is None
    waits = [moved.wait_after(1, ValueError()) for _ in range(200)]
    assert all(5 <= wait <= 15 for wait in waits if wait is not None)
    assert len(set(waits)) > 100
    assert Retry(attempts=1100, backoff=10, jitter=0).wait_after(1099, ValueError()) == 0


def test_a_timeout_counts_as_a_timeout_error():
    assert Retry(attempts=2).covers(StepTimeoutError(1))
    assert Retry(attempts=2, on=TimeoutError).covers(StepTimeoutError(1))
    assert Retry(attempts=2, on=StepTimeoutError).covers(StepTimeoutError(1))
    assert not Retry(attempts=2, on=ConnectionError).covers(StepTimeoutError(1))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"attempts": 0}, "Retry: attempts=0: it is a whole number from 1 up"),
        ({"attempts": 1.5}, "attempts=1.5: it is a whole number"),
        ({"attempts": True}, "attempts=True"),
        ({"attempts": 2, "delay": -1}, "delay=-1: it is a number from 0 up"),
        ({"attempts": 2, "delay": float("nan")}, "delay=nan"),
        ({"attempts": 2, "backoff": 0.5}, "backoff=0.5: it is a number from 1 up"),
        ({"attempts": 2, "max_delay": "long"}, "max_delay='long'"),
        ({"attempts": 2, "jitter": 2}, "jitter=2: it is a number from 0 to 1"),
        ({"attempts": 2, "on": "ValueError"}, "on='ValueError': it is an exception class"),
        ({"attempts": 2, "on": ()}, "on=(): it is an exception class"),
    ],
)
def test_a_retry_that_makes_no_sense_is_refused(options: dict[str, object], sentence: str):
    with pytest.raises(DefinitionError) as refused:
        Retry(**options)

    assert sentence in str(refused.value)


async def test_a_cancel_during_a_retrys_wait_ends_it_at_once():
    waiting = step(Flaky(9), retry=Retry(attempts=2, delay=60))

    host = await cancel_when("StepRetrying w/s", waiting)

    assert host.lines[-3:] == ["StepRetrying w/s", "StepCancelled w/s", "WorkflowCancelled w"]
    cancelled = host.events[-2]
    assert isinstance(cancelled, StepCancelledEvent)
    assert (cancelled.attempt, cancelled.reason) == (2, "asked")
    node = RunState().after(host.events).nodes[NodePath("w/s")]
    assert node.status is Status.CANCELLED
    assert [attempt.number for attempt in node.attempts] == [1]


async def test_a_failing_sibling_ends_a_wait_too():
    async def broken(step_input: StepInput) -> None:
        raise ValueError("no")

    with anyio.fail_after(5):
        ran = await run_steps(
            Parallel(step(Flaky(9), retry=Retry(attempts=2, delay=60)), broken, fail_fast=True)
        )

    assert str(ran.error) == "w/parallel_1/broken failed: ValueError: no"
    assert ran.status("w/parallel_1/s") is Status.CANCELLED


async def test_the_same_key_for_every_attempt():
    keys: list[str] = []

    def work(run_context: RunContext) -> None:
        keys.append(run_context.step_run_id)
        raise ValueError

    await run_steps(step(work, max_retries=2))

    assert keys == ["run:w/s"] * 3
