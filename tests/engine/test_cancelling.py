"""A cancel reaches a step at every depth, sync and async, and what was finished is kept."""

from collections.abc import Callable

import anyio
import pytest

from tests.engine.composites import WITH_PARALLEL
from tests.engine.laws import check_laws, check_state
from tests.engine.recording_host import RecordingHost
from tuiflow.engine import (
    Parallel,
    RunRequest,
    Step,
    StepInput,
    Steps,
    WorkflowDefinition,
    execute,
)
from tuiflow.model.ids import RunId
from tuiflow.model.status import Status


async def waits(step_input: StepInput) -> None:
    await anyio.sleep_forever()


def spins(step_input: StepInput) -> None:
    while True:
        pass


async def cancelled_when(host: RecordingHost, seen: Callable[[str], bool], *steps: object) -> None:
    definition = WorkflowDefinition("w", Steps(steps=steps))

    async def cancel(scope: anyio.CancelScope) -> None:
        while not any(map(seen, host.lines)):  # noqa: ASYNC110 - the run writes them
            await anyio.sleep(0.002)
        scope.cancel()

    with anyio.fail_after(15):
        async with anyio.create_task_group() as group:
            with anyio.CancelScope() as scope:
                group.start_soon(cancel, scope)
                await execute(definition, RunRequest(RunId("run")), host, reason=lambda: "asked")
            group.cancel_scope.cancel()


@pytest.mark.parametrize("executor", [waits, spins])
@pytest.mark.parametrize("inner", WITH_PARALLEL)
@pytest.mark.parametrize("outer", WITH_PARALLEL)
async def test_a_cancel_reaches_every_depth(outer: str, inner: str, executor: object):
    host = RecordingHost()
    before = Step(name="before", executor=lambda s: "kept")
    running = Step(name="running", executor=executor)
    made = WITH_PARALLEL[outer](
        WITH_PARALLEL[inner](before, running), Step(name="never", executor=waits)
    )

    await cancelled_when(host, lambda line: line.endswith("/running"), made)

    check_laws(host.events)
    state = check_state(host.events)
    assert state.status is Status.CANCELLED
    assert state.run.reason == "asked"
    found = {path.rpartition("/")[2]: node for path, node in state.nodes.items()}
    assert found["before"].content is not None
    assert found["before"].content.value == "kept"
    assert found["running"].status is Status.CANCELLED
    assert found["running"].reason == "asked"
    assert found["never"].status is Status.SKIPPED


async def test_branches_that_waited_for_their_turn_never_start():
    host = RecordingHost()
    branches = [Step(name=f"b{number}", executor=waits) for number in range(5)]

    await cancelled_when(
        host, lambda line: line.endswith("/b1"), Parallel(*branches, name="p", max_concurrency=2)
    )

    check_laws(host.events)
    started = [line for line in host.lines if line.startswith("StepStarted")]
    assert started == ["StepStarted w/p/b0", "StepStarted w/p/b1"]
