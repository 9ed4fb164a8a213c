from pathlib import Path

import anyio

from tests.workflow.test_workflow import Order
from tuiflow import RunContext, StepInput, Workflow
from tuiflow.model.content import encode_content
from tuiflow.model.events import StepLogEvent, WorkflowErrorEvent
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.status import Status
from tuiflow.store import NewRun, SqliteDb, describe_process, open_store
from tuiflow.workflow import RunControl, run_claimed


async def execute(
    workflow: Workflow, db: SqliteDb, given: object, on_started=None
) -> tuple[Status, list]:
    run_id = RunId("the-run")
    encoded = encode_content(given)
    async with open_store(db) as store:
        new = NewRun(run_id=run_id, workflow_name=workflow.name, input=encoded.stored, created_at=1)
        await store.create_run(new)
        lease = await store.claim_run(run_id, describe_process(run_id, "worker"))
        assert lease is not None
        record = await store.get_run(run_id)
        status = await run_claimed(workflow.definition, store, lease, record, on_started=on_started)
        assert (await store.get_run(run_id)).status is status
        return status, await store.events_after(run_id, 0)


async def test_the_stored_input_becomes_what_the_schema_says(tmp_path: Path):
    seen: list[object] = []

    def look(step_input: StepInput) -> None:
        seen.append(step_input.input)

    workflow = Workflow(name="w", steps=[look], input_schema=Order)

    status, _ = await execute(workflow, SqliteDb(tmp_path / "x.db"), {"count": 3})

    assert status is Status.COMPLETED
    assert seen == [Order(count=3)]


async def test_an_input_that_does_not_fit_ends_the_run_in_one_sentence(tmp_path: Path):
    workflow = Workflow(name="w", steps=[lambda s: 1], input_schema=Order)

    status, events = await execute(workflow, SqliteDb(tmp_path / "x.db"), {"count": "many"})

    assert status is Status.ERROR
    assert [event.kind for event in events] == ["WorkflowStarted", "WorkflowError"]
    assert isinstance(events[-1], WorkflowErrorEvent)
    assert "the input does not fit workflow 'w': count:" in events[-1].failure.summary


async def test_the_control_writes_into_the_log_and_cancels(tmp_path: Path):
    controls: list[RunControl] = []

    async def step(run_context: RunContext) -> None:
        controls[0].emit(StepLogEvent(node_path=NodePath("w/step"), text="out", stream="stdout"))
        controls[0].cancel("asked")
        await anyio.sleep_forever()

    workflow = Workflow(name="w", steps=[step])

    with anyio.fail_after(10):
        status, events = await execute(workflow, SqliteDb(tmp_path / "x.db"), None, controls.append)

    assert status is Status.CANCELLED
    assert [event.kind for event in events[2:]] == ["StepLog", "StepCancelled", "WorkflowCancelled"]
