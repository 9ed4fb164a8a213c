"""Runs a few steps against a recording host, and gives what happened."""

from dataclasses import dataclass
from typing import Any

import anyio

from tests.engine.recording_host import RecordingHost
from tests.waiting import PATIENCE
from tuiflow.engine import RunRequest, StepOutput, Steps, WorkflowDefinition, execute
from tuiflow.errors import StepFailedError
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status


@dataclass
class Ran:
    host: RecordingHost
    output: StepOutput | None
    error: StepFailedError | None

    @property
    def state(self) -> RunState:
        return RunState().after(self.host.events)

    @property
    def content(self) -> Any:
        assert self.output is not None
        return self.output.content

    def status(self, path: str) -> Status:
        return self.state.nodes[NodePath(path)].status


async def run_steps(*steps: object, given: object = None, **request: Any) -> Ran:
    host = RecordingHost()
    definition = WorkflowDefinition("w", Steps(steps=steps))
    try:
        output = await execute(definition, RunRequest(RunId("run"), given, **request), host)
    except StepFailedError as error:
        return Ran(host, None, error)
    return Ran(host, output, None)


async def cancel_when(line: str, *steps: object, grace: float = 3.0) -> RecordingHost:
    """Cancel the run, because it was asked, once a line like `StepStarted w/a` has happened."""
    host = RecordingHost()
    definition = WorkflowDefinition("w", Steps(steps=steps), cancel_grace=grace)

    async def cancel(scope: anyio.CancelScope) -> None:
        while not any(each.endswith(line) for each in host.lines):  # noqa: ASYNC110 - threads write
            await anyio.sleep(0.002)
        scope.cancel()

    with anyio.fail_after(PATIENCE):
        async with anyio.create_task_group() as group:
            with anyio.CancelScope() as scope:
                group.start_soon(cancel, scope)
                await execute(definition, RunRequest(RunId("run")), host, reason=lambda: "asked")
    assert scope.cancelled_caught
    return host
