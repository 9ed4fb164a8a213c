"""What is told of an exception: its cause, its place, and what a group holds."""

import anyio
import pytest

from tests.engine.laws import check_laws
from tests.engine.running import run_steps
from tuiflow.engine import Parallel, Step, StepInput, Steps
from tuiflow.errors import StepFailedError
from tuiflow.model.events import StepErrorEvent


async def in_a_group(step_input: StepInput) -> None:
    async def fail() -> None:
        raise ValueError("inside")

    async with anyio.create_task_group() as group:
        group.start_soon(fail)


def several(step_input: StepInput) -> None:
    raise ExceptionGroup("both", [ValueError("one"), KeyError("two")])


def caused(step_input: StepInput) -> None:
    try:
        int("x")
    except ValueError as error:
        raise RuntimeError("cannot read") from error


async def test_a_group_with_one_exception_is_told_as_that_one():
    ran = await run_steps(in_a_group)

    failure = next(e.failure for e in ran.host.events if isinstance(e, StepErrorEvent))
    assert str(ran.error) == "w/in_a_group failed: ValueError: inside"
    assert failure.summary == "ValueError: inside"
    assert failure.frames[-1].function == "fail"
    assert isinstance(ran.error and ran.error.__cause__, ExceptionGroup)


async def test_a_group_of_several_is_opened_into_its_members():
    ran = await run_steps(several)

    failure = next(e.failure for e in ran.host.events if isinstance(e, StepErrorEvent))
    assert [member.summary for member in failure.members] == ["ValueError: one", "KeyError: 'two'"]


async def test_an_exception_is_told_with_its_cause_and_place():
    ran = await run_steps(caused)

    failure = next(e.failure for e in ran.host.events if isinstance(e, StepErrorEvent))
    assert failure.cause
    assert failure.cause.type == "ValueError"
    assert (failure.frames[-1].file, failure.frames[-1].function) == (__file__, "caused")
    assert failure.frames[-1].source == 'raise RuntimeError("cannot read") from error'


async def test_an_exception_that_is_its_own_cause_is_told_as_what_it_is():
    def raise_from_itself(step_input: StepInput) -> None:
        error = ValueError("again")
        raise error from error

    ran = await run_steps(raise_from_itself)

    check_laws(ran.host.events)
    assert ran.state.failure is not None
    assert ran.state.failure.summary == "ValueError: again"


async def test_the_exception_reaches_the_caller_with_the_step_the_attempt_and_the_original():
    ran = await run_steps(Steps(name="s", steps=[Step(name="a", executor=caused, max_retries=1)]))

    assert isinstance(ran.error, StepFailedError)
    assert (ran.error.node_path, ran.error.attempt) == ("w/s/a", 2)
    assert isinstance(ran.error.__cause__, RuntimeError)


@pytest.mark.parametrize("order", [(0.0, 0.02), (0.02, 0.0)])
async def test_of_several_failures_the_first_in_definition_order_is_raised(
    order: tuple[float, float],
):
    def failing(name: str, delay: float) -> Step:
        async def fail(step_input: StepInput) -> None:
            await anyio.sleep(delay)
            raise ValueError(name)

        return Step(name=name, executor=fail)

    first, second = failing("first", order[0]), failing("second", order[1])
    ran = await run_steps(Parallel(first, second, name="p"))

    assert str(ran.error) == "w/p/first failed: ValueError: first"
    assert ran.error
    assert ran.error.__notes__ == ["also: w/p/second failed: ValueError: second"]
