"""What holds of branches that run side by side, in whatever order they end."""

from typing import Any

import anyio
import pytest

from tests.engine.composites import give
from tests.engine.running import run_steps
from tests.waiting import PATIENCE
from tuiflow import Image
from tuiflow.engine import Parallel, RunContext, Step, StepInput, StepOutput
from tuiflow.errors import StepFailedError
from tuiflow.model.status import Status


def after(other: str | None, name: str, gives: Any) -> Step:
    """Make a branch that gives, or raises, once another one's end is recorded."""

    async def executor(step_input: StepInput, run_context: RunContext) -> Any:
        host: Any = run_context.scope.host
        ends = {f"StepCompleted w/p/{other}", f"StepError w/p/{other}"}
        while other and ends.isdisjoint(host.lines):  # noqa: ASYNC110 - no one else tells
            await anyio.sleep(0.001)
        if isinstance(gives, Exception):
            raise gives
        return gives

    return Step(name=name, executor=executor)


def picture(name: str) -> StepOutput:
    return StepOutput(content=name, images=[Image(content=b"png", name=name)])


async def test_results_stand_in_definition_order_whatever_finishes_first():
    parallel = Parallel(
        after("b", "a", picture("a")),
        after("c", "b", picture("b")),
        after(None, "c", picture("c")),
        name="p",
    )

    with anyio.fail_after(PATIENCE):
        ran = await run_steps(parallel)

    ended = [line for line in ran.host.lines if line.startswith("StepCompleted")]
    assert ended == ["StepCompleted w/p/c", "StepCompleted w/p/b", "StepCompleted w/p/a"]
    assert list(ran.content.items()) == [("a", "a"), ("b", "b"), ("c", "c")]
    assert ran.output
    (output,) = ran.output.steps
    assert [inside.step_name for inside in output.steps] == ["a", "b", "c"]
    assert [image.name for image in output.images or ()] == ["a", "b", "c"]


async def test_of_several_failures_the_first_in_definition_order_is_raised_though_it_failed_last():
    first, last = after("b", "a", KeyError("a")), after(None, "b", ValueError("b"))

    with anyio.fail_after(PATIENCE):
        ran = await run_steps(Parallel(first, last, name="p"))

    assert isinstance(ran.error, StepFailedError)
    assert ran.error.node_path == "w/p/a"
    assert ran.error.__notes__ == ["also: w/p/b failed: ValueError: b"]


async def test_every_branch_is_given_the_same_step_input():
    seen: list[StepInput] = []

    async def branch(step_input: StepInput) -> None:
        seen.append(step_input)

    await run_steps(give("before", 1), Parallel(branch, branch, branch))

    assert len(seen) == 3
    assert seen[0] is seen[1] is seen[2]


@pytest.mark.parametrize("fail_fast", [False, True])
async def test_a_parallel_that_is_skipped_when_it_fails_lets_the_run_go_on(fail_fast: bool):
    async def ask(step_input: StepInput) -> object:
        return step_input.get_step_content("other")

    async def other(step_input: StepInput) -> str:
        if fail_fast:
            await anyio.sleep_forever()
        return "other"

    parallel = Parallel(
        after(None, "bad", ValueError("no")),
        other,
        name="p",
        fail_fast=fail_fast,
        on_error="skip",
    )
    with anyio.fail_after(PATIENCE):
        ran = await run_steps(parallel, ask)

    assert ran.state.status is Status.COMPLETED
    assert ran.status("w/p") is Status.ERROR
    assert ran.status("w/p/other") is (Status.CANCELLED if fail_fast else Status.COMPLETED)
    assert ran.content == (None if fail_fast else "other")
