"""Random trees of every primitive, with steps of every kind that behave in every way."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from typing import Any

import anyio
import anyio.lowlevel
from hypothesis import strategies as st

from tuiflow import CustomEvent, Image
from tuiflow.engine import (
    Condition,
    FunctionSteps,
    Loop,
    Node,
    Parallel,
    Retry,
    Router,
    RunContext,
    Step,
    StepInput,
    StepOutput,
    Steps,
    WorkflowDefinition,
)
from tuiflow.errors import StepFailedError

SOON = 0.01  # seconds


async def fine(step_input: StepInput) -> str:
    return "fine"


def sync(step_input: StepInput, run_context: RunContext) -> dict[str, object]:
    run_context.log("sync")
    run_context.progress(1, 2)
    return {"previous": str(step_input.previous_step_content)}


async def waits(step_input: StepInput) -> None:
    await anyio.sleep(SOON)


async def broken(step_input: StepInput) -> None:
    raise ValueError("broken")


def broken_sync(step_input: StepInput) -> None:
    raise ExceptionGroup("several", [ValueError("one")])


async def stop(step_input: StepInput) -> StepOutput:
    return StepOutput(content="stop", stop=True)


async def unlucky(step_input: StepInput) -> StepOutput:
    return StepOutput(success=False, error="no luck")


async def second_try(step_input: StepInput, run_context: RunContext) -> int:
    if run_context.attempt < 2:
        raise ConnectionError("gone")
    return run_context.attempt


def streams(step_input: StepInput) -> Iterator[object]:
    yield "a"
    yield CustomEvent(name="seen")
    yield "b"


async def streams_async(step_input: StepInput) -> AsyncIterator[object]:
    yield "a"
    await anyio.lowlevel.checkpoint()
    yield StepOutput(content="b")


async def forever(step_input: StepInput) -> None:
    await anyio.sleep_forever()


def spins(step_input: StepInput) -> None:
    while True:
        pass


async def draws(step_input: StepInput) -> StepOutput:
    return StepOutput(content=len(step_input.images), images=[Image(content=b"png")])


def remembers(session_state: dict[str, Any]) -> None:
    session_state.setdefault("seen", []).append(len(session_state))


async def counts(session_state: dict[str, Any]) -> int:
    session_state["turns"] = session_state.get("turns", 0) + 1
    return session_state["turns"]


async def forgets(session_state: dict[str, Any]) -> None:
    session_state.pop("turns", None)


async def spoils(session_state: dict[str, Any]) -> None:
    session_state["spoilt"] = object()


class Finder:
    async def __call__(self, step_input: StepInput) -> object:
        return step_input.get_step_content("s")


def raises(*_: object) -> bool:
    raise KeyError("undecided")


GOOD = [fine, fine, sync, waits, streams, streams_async, draws, Finder()]
BAD = [broken, broken_sync, stop, unlucky]
STATE = [remembers, counts, counts, forgets, spoils]


@st.composite
def leaves(draw: st.DrawFn, *, extra: tuple[Any, ...] = ()) -> Node:
    options: dict[str, object] = {"on_error": draw(st.sampled_from(["fail", "skip"]))}
    plain = {"good": GOOD, "state": STATE, "bad": [*BAD, *extra]}
    match draw(st.sampled_from([*plain, *plain, "retry", "timeout", "both"])):
        case "good" | "state" | "bad" as kind:
            executor = draw(st.sampled_from(plain[kind]))
        case "retry":
            executor = draw(st.sampled_from([second_try, broken, broken_sync]))
            options["retry"] = Retry(attempts=draw(st.integers(1, 3)), delay=0.001)
        case "timeout":
            executor = draw(st.sampled_from([forever, spins]))
            options["timeout"] = SOON
        case _:
            executor, options["timeout"], options["max_retries"] = forever, SOON, 1
    return Step(name="s", executor=executor, **options)


def composites(inside: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inside, min_size=1, max_size=3)
    on_error = st.sampled_from(["fail", "fail", "skip"])
    return st.one_of(
        st.builds(lambda steps, err: Steps(steps=steps, on_error=err), several, on_error),
        st.builds(
            lambda steps, fast, most, err: Parallel(
                *steps, fail_fast=fast, max_concurrency=most, on_error=err
            ),
            several,
            st.booleans(),
            st.sampled_from([None, 1, 2]),
            on_error,
        ),
        st.builds(
            lambda evaluator, steps, other, err: Condition(
                evaluator=evaluator, steps=steps, else_steps=other, on_error=err
            ),
            st.sampled_from([True, False, lambda _: True, raises]),
            several,
            st.none() | several,
            on_error,
        ),
        st.builds(
            lambda steps, enough, forward, err: Loop(
                steps=steps,
                end_condition=enough,
                max_iterations=2,
                forward_iteration_output=forward,
                on_error=err,
            ),
            several,
            st.sampled_from([None, lambda _: True, lambda _: False, raises]),
            st.booleans(),
            on_error,
        ),
        st.builds(_router, several, st.sampled_from(["all", "last", "none", "fails"]), on_error),
        st.builds(
            lambda steps, make, retries, timeout, err: Step(
                name="inner",
                workflow=WorkflowDefinition("inner", make(steps)),
                max_retries=retries,
                timeout=timeout,
                on_error=err,
            ),
            several,
            st.sampled_from([lambda steps: Steps(steps=steps), _by_hand, _by_hand_async]),
            st.integers(0, 2),
            st.sampled_from([None, None, 5 * SOON]),
            on_error,
        ),
    )


def _by_hand(steps: Sequence[Node]) -> Node:
    def orchestrate(workflow: object, execution_input: object) -> str:
        for step in steps:
            step.execute()
        return "by hand"

    return FunctionSteps("inner", orchestrate, None)


def _by_hand_async(steps: Sequence[Node]) -> Node:
    async def orchestrate(workflow: object, execution_input: object) -> str:
        # All at once; what fails is passed over.
        async def call(step: Node) -> None:
            with suppress(StepFailedError):
                await step.aexecute()

        async with anyio.create_task_group() as group:
            for step in steps:
                group.start_soon(call, step)
        return "by hand"

    return FunctionSteps("inner", orchestrate, None)


def _router(steps: list[Node], picks: str, on_error: str) -> Router:
    named = [Steps(name=f"c{number}", steps=[step]) for number, step in enumerate(steps)]
    chosen = {
        "all": lambda _: list(reversed(named)),
        "last": lambda step_choices: step_choices[-1],
        "none": lambda _: None,
        "fails": raises,
    }
    return Router(choices=named, selector=chosen[picks], on_error=on_error)


def trees(*, extra: tuple[Any, ...] = (), most: int = 8) -> st.SearchStrategy[list[Node]]:
    tree = st.recursive(leaves(extra=extra), composites, max_leaves=most)
    return st.lists(tree, min_size=1, max_size=3)
