"""What holds for every tree, whatever it is made of and however it goes."""

import threading
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
from anyio import from_thread
from anyio.lowlevel import current_token
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.engine.laws import check_laws, check_outputs, check_session, check_state
from tests.engine.recording_host import RecordingHost
from tests.engine.trees import trees
from tuiflow import RunContext, Step, StepInput, Workflow, WorkflowRunOutput
from tuiflow.engine import Node, RunRequest, Steps, WorkflowDefinition, execute
from tuiflow.errors import StepFailedError
from tuiflow.model.ids import RunId
from tuiflow.model.run_event import RunEvent
from tuiflow.model.status import Status

THOROUGH = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
LIMIT = 20  # seconds for one run


class CancellingHost(RecordingHost):
    """Has the run cancelled, from another thread, when so many events have happened."""

    def __init__(self, after: int, scope: anyio.CancelScope) -> None:
        super().__init__()
        self._after = after
        self._scope = scope
        self._loop = current_token()

    def emit(self, event: RunEvent) -> None:
        super().emit(event)
        if len(self.events) == self._after:
            threading.Thread(target=self._cancel, daemon=True).start()

    def _cancel(self) -> None:
        # The run may be over by then, and its loop gone.
        with suppress(RuntimeError):
            from_thread.run_sync(self._scope.cancel, token=self._loop)


async def run_in_memory(steps: list[Node], cancel_after: int) -> None:
    definition = WorkflowDefinition("w", Steps(steps=steps), durability="batch")
    status, outputs = Status.CANCELLED, None
    with anyio.fail_after(LIMIT), anyio.CancelScope() as scope:
        host = CancellingHost(cancel_after, scope)
        try:
            outputs = (await execute(definition, RunRequest(RunId("run")), host)).steps
            status = Status.COMPLETED
        except StepFailedError:
            status = Status.ERROR

    check_laws(host.events)
    state = check_state(host.events)
    if status is not Status.CANCELLED or state.status is Status.CANCELLED:
        assert state.status is status
    else:
        # The cancel came after the run's last event, and changes nothing.
        assert state.status.is_final
    if outputs is not None:
        check_outputs(host.events, outputs)


@settings(THOROUGH, max_examples=80)
@given(trees(), st.just(0) | st.integers(1, 60))
def test_every_start_has_one_end_and_the_events_tell_the_run(steps: list[Node], cancel_after: int):
    anyio.run(run_in_memory, steps, cancel_after)


async def cancels(step_input: StepInput, run_context: RunContext) -> None:
    cancel = run_context.dependencies["cancel"]
    assert await cancel(run_context.scope.root_run_id)
    await anyio.sleep_forever()


async def run_in_a_database(steps: list[Node], db: Path) -> None:
    seen: list[dict[str, Any]] = []

    def look(session_state: dict[str, Any]) -> None:
        seen.append(deepcopy(session_state))

    workflow = Workflow(name="w", steps=[*steps, look], db=db, durability="batch", cancel_grace=1)
    workflow.definition.dependencies["cancel"] = workflow.acancel_run
    given: WorkflowRunOutput | None
    with anyio.fail_after(LIMIT):
        try:
            given = await workflow.arun("go")
        except StepFailedError:
            given = workflow.run_response
    assert given is not None
    found = await workflow.aget_run(given.run_id)

    assert found is not None
    check_laws(found.events)
    state = check_state(found.events)
    assert state.status is found.status is given.status
    assert found.content == given.content
    assert found.error == given.error
    kept = workflow.get_session_state()
    check_session(found.events, kept)
    assert not seen or seen == [kept]
    if given.status is Status.COMPLETED:
        check_outputs(found.events, given.step_results)


@settings(THOROUGH, max_examples=20)
@given(trees(extra=(cancels,)))
def test_the_same_holds_of_what_a_database_keeps(steps: list[Node]):
    with TemporaryDirectory() as folder:
        anyio.run(run_in_a_database, steps, Path(folder) / "runs.db")


def test_a_step_of_the_laws_tree_can_cancel_its_run(tmp_path: Path):
    workflow = Workflow(name="w", steps=[Step(name="s", executor=cancels)], db=tmp_path / "runs.db")
    workflow.definition.dependencies["cancel"] = workflow.acancel_run

    assert workflow.run("go").status is Status.CANCELLED
