"""The exact events of each shape, well and badly ended: golden sequences."""

from collections.abc import Callable

import anyio
import pytest

from tests.engine.running import Ran, run_steps
from tuiflow.engine import (
    Condition,
    Loop,
    NestedWorkflow,
    Parallel,
    Router,
    Step,
    StepInput,
    StepOutput,
    Steps,
    WorkflowDefinition,
)


async def a(step_input: StepInput) -> str:
    return "a"


async def b(step_input: StepInput) -> str:
    return "b"


async def broken(step_input: StepInput) -> None:
    raise ValueError("broken")


async def stop(step_input: StepInput) -> StepOutput:
    return StepOutput(content="stop", stop=True)


async def forever(step_input: StepInput) -> None:
    await anyio.sleep_forever()


def nested(*steps: object) -> NestedWorkflow:
    return NestedWorkflow(WorkflowDefinition("inner", Steps(steps=steps)))


def told(ran: Ran) -> list[str]:
    """Each event as `Kind path`, with a later attempt's number and a bad outcome."""
    lines: list[str] = []
    for event in ran.host.events:
        number = [f"#{event.attempt}"] if event.attempt > 1 else []
        words = [event.kind, event.node_path, *number]
        if (outcome := getattr(event, "outcome", "completed")) != "completed":
            words.append(outcome)
        lines.append(" ".join(words))
    assert lines[0] == "WorkflowStarted w"
    return lines[1:]


SEQUENCES: dict[str, tuple[Callable[[], object], list[str]]] = {
    "a step": (lambda: a, ["StepStarted w/a", "StepCompleted w/a", "WorkflowCompleted w"]),
    "a step that fails": (
        lambda: broken,
        ["StepStarted w/broken", "StepError w/broken", "WorkflowError w"],
    ),
    "a step that is tried twice": (
        lambda: Step(name="s", executor=broken, max_retries=1),
        [
            "StepStarted w/s",
            "StepRetrying w/s",
            "StepStarted w/s #2",
            "StepError w/s #2",
            "WorkflowError w",
        ],
    ),
    "a step that times out": (
        lambda: Step(name="s", executor=forever, timeout=0.01),
        ["StepStarted w/s", "StepError w/s", "WorkflowError w"],
    ),
    "a step that is skipped on failure": (
        lambda: Step(name="s", executor=broken, skip_on_failure=True),
        ["StepStarted w/s", "StepError w/s", "WorkflowCompleted w"],
    ),
    "steps": (
        lambda: Steps(name="s", steps=[a, b]),
        [
            "StepsExecutionStarted w/s",
            "StepStarted w/s/a",
            "StepCompleted w/s/a",
            "StepStarted w/s/b",
            "StepCompleted w/s/b",
            "StepsExecutionCompleted w/s",
            "WorkflowCompleted w",
        ],
    ),
    "steps that stop": (
        lambda: Steps(name="s", steps=[stop, b]),
        [
            "StepsExecutionStarted w/s",
            "StepStarted w/s/stop",
            "StepCompleted w/s/stop",
            "StepSkipped w/s/b",
            "StepsExecutionCompleted w/s stopped",
            "WorkflowCompleted w",
        ],
    ),
    "steps that fail and are skipped": (
        lambda: Steps(name="s", steps=[a, broken, b], on_error="skip"),
        [
            "StepsExecutionStarted w/s",
            "StepStarted w/s/a",
            "StepCompleted w/s/a",
            "StepStarted w/s/broken",
            "StepError w/s/broken",
            "StepsExecutionCompleted w/s error",
            "WorkflowCompleted w",
        ],
    ),
    "a parallel": (
        lambda: Parallel(a, b, name="p"),
        [
            "ParallelExecutionStarted w/p",
            "StepStarted w/p/a",
            "StepStarted w/p/b",
            "StepCompleted w/p/a",
            "StepCompleted w/p/b",
            "ParallelExecutionCompleted w/p",
            "WorkflowCompleted w",
        ],
    ),
    "a parallel that takes turns": (
        lambda: Parallel(a, b, name="p", max_concurrency=1),
        [
            "ParallelExecutionStarted w/p",
            "StepStarted w/p/a",
            "StepCompleted w/p/a",
            "StepStarted w/p/b",
            "StepCompleted w/p/b",
            "ParallelExecutionCompleted w/p",
            "WorkflowCompleted w",
        ],
    ),
    "a parallel that fails fast": (
        lambda: Parallel(forever, broken, name="p", fail_fast=True),
        [
            "ParallelExecutionStarted w/p",
            "StepStarted w/p/forever",
            "StepStarted w/p/broken",
            "StepError w/p/broken",
            "StepCancelled w/p/forever",
            "ParallelExecutionCompleted w/p error",
            "WorkflowError w",
        ],
    ),
    "a parallel that lets its branches finish": (
        lambda: Parallel(broken, a, name="p"),
        [
            "ParallelExecutionStarted w/p",
            "StepStarted w/p/broken",
            "StepStarted w/p/a",
            "StepError w/p/broken",
            "StepCompleted w/p/a",
            "ParallelExecutionCompleted w/p error",
            "WorkflowError w",
        ],
    ),
    "a parallel that stops": (
        lambda: Parallel(forever, stop, name="p"),
        [
            "ParallelExecutionStarted w/p",
            "StepStarted w/p/forever",
            "StepStarted w/p/stop",
            "StepCompleted w/p/stop",
            "StepCancelled w/p/forever",
            "ParallelExecutionCompleted w/p stopped",
            "WorkflowCompleted w",
        ],
    ),
    "a condition": (
        lambda: Condition(name="c", evaluator=True, steps=[a], else_steps=[b]),
        [
            "ConditionExecutionStarted w/c",
            "StepSkipped w/c/else/b",
            "StepStarted w/c/a",
            "StepCompleted w/c/a",
            "ConditionExecutionCompleted w/c",
            "WorkflowCompleted w",
        ],
    ),
    "a condition's other side": (
        lambda: Condition(name="c", evaluator=False, steps=[a], else_steps=[b]),
        [
            "ConditionExecutionStarted w/c",
            "StepSkipped w/c/a",
            "StepStarted w/c/else/b",
            "StepCompleted w/c/else/b",
            "ConditionExecutionCompleted w/c",
            "WorkflowCompleted w",
        ],
    ),
    "a condition that is not met": (
        lambda: Condition(name="c", evaluator=False, steps=[a]),
        [
            "ConditionExecutionStarted w/c",
            "StepSkipped w/c/a",
            "ConditionExecutionCompleted w/c skipped",
            "WorkflowCompleted w",
        ],
    ),
    "a loop": (
        lambda: Loop(name="l", steps=[a], max_iterations=2),
        [
            "LoopExecutionStarted w/l",
            "LoopIterationStarted w/l[1]",
            "StepStarted w/l[1]/a",
            "StepCompleted w/l[1]/a",
            "LoopIterationCompleted w/l[1]",
            "LoopIterationStarted w/l[2]",
            "StepStarted w/l[2]/a",
            "StepCompleted w/l[2]/a",
            "LoopIterationCompleted w/l[2]",
            "LoopExecutionCompleted w/l",
            "WorkflowCompleted w",
        ],
    ),
    "a loop that fails": (
        lambda: Loop(name="l", steps=[broken]),
        [
            "LoopExecutionStarted w/l",
            "LoopIterationStarted w/l[1]",
            "StepStarted w/l[1]/broken",
            "StepError w/l[1]/broken",
            "LoopIterationCompleted w/l[1] error",
            "LoopExecutionCompleted w/l error",
            "WorkflowError w",
        ],
    ),
    "a router": (
        lambda: Router(name="r", choices=[a, b], selector=lambda _: ["b", "a"]),
        [
            "RouterExecutionStarted w/r",
            "StepStarted w/r/b",
            "StepCompleted w/r/b",
            "StepStarted w/r/a",
            "StepCompleted w/r/a",
            "RouterExecutionCompleted w/r",
            "WorkflowCompleted w",
        ],
    ),
    "a parallel that stops before all have begun": (
        lambda: Parallel(stop, Steps(name="s", steps=[a]), name="p", max_concurrency=1),
        [
            "ParallelExecutionStarted w/p",
            "StepStarted w/p/stop",
            "StepCompleted w/p/stop",
            "StepSkipped w/p/s",
            "ParallelExecutionCompleted w/p stopped",
            "WorkflowCompleted w",
        ],
    ),
    "a router that chooses nothing": (
        lambda: Router(name="r", choices=[a], selector=lambda _: None),
        [
            "RouterExecutionStarted w/r",
            "StepSkipped w/r/a",
            "RouterExecutionCompleted w/r skipped",
            "WorkflowCompleted w",
        ],
    ),
    "a nested workflow": (
        lambda: nested(a),
        [
            "WorkflowStarted w/inner",
            "StepStarted w/inner/a",
            "StepCompleted w/inner/a",
            "WorkflowCompleted w/inner",
            "WorkflowCompleted w",
        ],
    ),
    "a nested workflow that fails": (
        lambda: nested(broken),
        [
            "WorkflowStarted w/inner",
            "StepStarted w/inner/broken",
            "StepError w/inner/broken",
            "WorkflowError w/inner",
            "WorkflowError w",
        ],
    ),
}


@pytest.mark.parametrize("shape", SEQUENCES)
async def test_each_shape_has_its_sequence_of_events(shape: str):
    make, expected = SEQUENCES[shape]

    with anyio.fail_after(10):
        ran = await run_steps(make())

    assert told(ran) == expected
