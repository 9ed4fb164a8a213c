"""A cancel reaches a step at every depth, sync and async, and what was finished is kept."""

import asyncio  # noqa: TID251 - as a program runs whose main function returns

import anyio
import pytest

from tests.engine.composites import WITH_PARALLEL
from tests.engine.laws import check_laws, check_state
from tests.engine.recording_host import RecordingHost
from tests.engine.running import cancel_when
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


@pytest.mark.parametrize("executor", [waits, spins])
@pytest.mark.parametrize("inner", WITH_PARALLEL)
@pytest.mark.parametrize("outer", WITH_PARALLEL)
async def test_a_cancel_reaches_every_depth(outer: str, inner: str, executor: object):
    before = Step(name="before", executor=lambda s: "kept")
    running = Step(name="running", executor=executor)
    made = WITH_PARALLEL[outer](
        WITH_PARALLEL[inner](before, running), Step(name="never", executor=waits)
    )

    host = await cancel_when("/running", made)

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
    branches = [Step(name=f"b{number}", executor=waits) for number in range(5)]

    host = await cancel_when("/b1", Parallel(*branches, name="p", max_concurrency=2))

    check_laws(host.events)
    started = [line for line in host.lines if line.startswith("StepStarted")]
    assert started == ["StepStarted w/p/b0", "StepStarted w/p/b1"]


class SlowHost(RecordingHost):
    """Takes for ever to make the end of the first step safe."""

    def __init__(self) -> None:
        super().__init__()
        self.is_saving = anyio.Event()

    async def commit(self) -> None:
        if self.lines[-1].startswith("StepCompleted") and not self.is_saving.is_set():
            self.is_saving.set()
            await anyio.sleep_forever()
        await super().commit()


def test_a_step_whose_end_is_being_saved_while_its_loop_ends_has_one_end():
    def remember(step_input: StepInput, session_state: dict[str, int]) -> None:
        session_state["n"] = 1

    async def program() -> SlowHost:
        host = SlowHost()
        definition = WorkflowDefinition("w", Steps(steps=[remember]))
        run = asyncio.create_task(execute(definition, RunRequest(RunId("run")), host))
        await host.is_saving.wait()
        assert not run.done()
        return host

    host = asyncio.run(program())

    check_laws(host.events)
    assert [line for line in host.lines if line.endswith("w/remember")] == [
        "StepStarted w/remember",
        "StepCompleted w/remember",
    ]
