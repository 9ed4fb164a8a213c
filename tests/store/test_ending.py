import subprocess
import sys
import time
from pathlib import Path

import anyio
import pytest

from tests.store.making import (
    FLOW,
    claimed,
    flow_started,
    log_of,
    new_run,
    step_started,
    worker_of,
)
from tests.waiting import until
from tuiflow.errors import FencedError, NestedRunError, RunNotFoundError
from tuiflow.model.content import StoredContent
from tuiflow.model.events import (
    RUN_END_KINDS,
    WorkflowCancelledEvent,
    WorkflowCompletedEvent,
    WorkflowCrashedEvent,
)
from tuiflow.model.ids import RunId
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.store import CancelAnswer, EventLog, SqliteDb, Store

CRASHED = WorkflowCrashedEvent(node_path=FLOW, reason="gone", last_heartbeat=7)


async def test_a_run_cancelled_before_its_start_ends_at_once(store: Store):
    run = new_run()
    await store.create_run(run)

    answer = await store.request_cancel(run.run_id, kill_after=1, reason="no need")

    assert answer is CancelAnswer.NEVER_STARTED
    record = await store.get_run(run.run_id)
    assert (record.status, record.reason, record.last_seq) == (Status.CANCELLED, "no need", 1)
    assert record.ended_at is not None
    events = await store.events_after(run.run_id, 0)
    assert [(event.kind, event.episode) for event in events] == [("WorkflowCancelled", 1)]
    assert RunState().after(events).status is Status.CANCELLED
    assert await store.claim_run(run.run_id, worker_of(run.run_id)) is None


async def test_a_running_run_is_asked_and_the_earliest_kill_counts(store: Store):
    lease = await claimed(store)

    for kill_after in (900, 500, 700):
        answer = await store.request_cancel(
            lease.run_id, kill_after=kill_after, reason=f"r{kill_after}"
        )
        assert answer is CancelAnswer.REQUESTED

    record = await store.get_run(lease.run_id)
    assert (record.status, record.kill_after, record.reason) == (Status.RUNNING, 500, "r900")
    assert record.cancel_requested_at is not None


async def test_cancelling_an_ended_nested_or_unknown_run_is_answered(store: Store):
    lease = await claimed(store)
    nested = new_run(parent_run_id=lease.run_id, root_run_id=lease.run_id)
    await store.create_nested_run(nested, lease)
    await store.end_run(lease.run_id, CRASHED)

    assert await store.request_cancel(lease.run_id, kill_after=1) is CancelAnswer.ALREADY_OVER
    for ask in (
        store.request_cancel(nested.run_id, kill_after=1),
        store.end_run(nested.run_id, CRASHED),
    ):
        with pytest.raises(NestedRunError, match=lease.run_id):
            await ask
    for ask in (store.request_cancel(RunId("x"), kill_after=1), store.end_run(RunId("x"), CRASHED)):
        with pytest.raises(RunNotFoundError):
            await ask


async def test_a_run_ended_by_others_gets_one_end_and_its_worker_is_fenced(
    store: Store, db: SqliteDb
):
    lease = await claimed(store)
    log = EventLog(db, lease)
    log.append(flow_started())
    await log.commit()

    assert await store.end_run(lease.run_id, CRASHED)
    assert not await store.end_run(lease.run_id, CRASHED)

    log.append(step_started())
    with pytest.raises(FencedError):
        await log.commit()
    with pytest.raises(FencedError):
        log.close()
    events = await store.events_after(lease.run_id, 0)
    assert [event.kind for event in events] == ["WorkflowStarted", "WorkflowCrashed"]
    record = await store.get_run(lease.run_id)
    assert (record.status, record.reason, record.last_seq) == (Status.CRASHED, "gone", 2)


async def test_a_silent_worker_notices_that_it_was_fenced(store: Store, db: SqliteDb):
    log = EventLog(db, await claimed(store))

    await store.end_run(log._lease.run_id, CRASHED)

    async def is_fenced() -> bool:
        return isinstance(log.failed, FencedError)

    await until(is_fenced)
    log.close()


async def test_an_old_lease_cannot_write_into_a_new_episode(store: Store, db: SqliteDb):
    old = await claimed(store)
    await store.end_run(old.run_id, CRASHED)
    async with store._link.transaction() as transaction:
        await transaction._connection.execute("UPDATE runs SET status = 'pending'")
    new = await store.claim_run(old.run_id, worker_of(old.run_id))

    assert new is not None
    assert (new.episode, new.last_seq) == (2, 1)
    log = EventLog(db, old)
    log.append(step_started())
    with pytest.raises(FencedError):
        await log.commit()
    with pytest.raises(FencedError):
        log.close()
    with log_of(db, new) as current:
        current.append(flow_started())
        await current.commit()
    nested = new_run(parent_run_id=old.run_id, root_run_id=old.run_id)
    with pytest.raises(FencedError):
        await store.create_nested_run(nested, old)
    with pytest.raises(RunNotFoundError):
        await store.get_run(nested.run_id)
    events = await store.events_after(new.run_id, 0)
    assert [(event.seq, event.episode) for event in events] == [(1, 1), (2, 2)]


async def test_a_completed_run_keeps_no_reason_of_a_cancel_that_came_too_late(
    store: Store, db: SqliteDb
):
    lease = await claimed(store)
    await store.request_cancel(lease.run_id, kill_after=1, reason="too slow")
    with log_of(db, lease) as log:
        log.append(flow_started())
        log.append(WorkflowCompletedEvent(node_path=FLOW, content=StoredContent(value=3)))

    record = await store.get_run(lease.run_id)
    assert (record.status, record.reason) == (Status.COMPLETED, "")
    assert record.content == StoredContent(value=3)


async def test_a_cancelled_end_without_a_reason_keeps_the_one_that_was_asked_with(
    store: Store, db: SqliteDb
):
    lease = await claimed(store)
    await store.request_cancel(lease.run_id, kill_after=1, reason="too slow")
    with log_of(db, lease) as log:
        log.append(flow_started())
        log.append(WorkflowCancelledEvent(node_path=FLOW))

    assert (await store.get_run(lease.run_id)).reason == "too slow"


RACER = """
import sys, time
import anyio
from tests.store.making import FLOW, flow_started, worker_of
from tuiflow.errors import StoreError
from tuiflow.model.events import WorkflowCompletedEvent, WorkflowCrashedEvent
from tuiflow.store import EventLog, SqliteDb, open_store

async def main(path, role, start, *run_ids):
    db = SqliteDb(path)
    async with open_store(db) as store:
        print("ready", flush=True)
        await anyio.to_thread.run_sync(sys.stdin.readline)
        for run_id in run_ids:
            if role == "cancel":
                await store.request_cancel(run_id, kill_after=1)
            elif role == "end":
                await store.end_run(run_id, WorkflowCrashedEvent(node_path=FLOW))
            elif lease := await store.claim_run(run_id, worker_of(run_id)):
                log = EventLog(db, lease)
                try:
                    log.append(flow_started())
                    await log.commit()
                    log.append(WorkflowCompletedEvent(node_path=FLOW))
                    log.close()
                except StoreError:
                    try:
                        log.close()
                    except StoreError:
                        pass

anyio.run(main, *sys.argv[1:])
"""


async def test_claim_cancel_and_end_racing_in_processes_give_each_run_one_end(
    store: Store, db: SqliteDb
):
    runs = [new_run() for _ in range(25)]
    for run in runs:
        await store.create_run(run)
    run_ids = [str(run.run_id) for run in runs]

    def race() -> list[int]:
        racers = [
            subprocess.Popen(
                [sys.executable, "-c", RACER, str(db.db_file), role, str(time.time()), *run_ids],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=Path(__file__).parents[2],
            )
            for role in ("claim", "claim", "cancel", "end")
        ]
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("go\n")
            racer.stdin.flush()
        for racer in racers:
            racer.communicate(timeout=50)
        return [racer.returncode for racer in racers]

    assert await anyio.to_thread.run_sync(race) == [0, 0, 0, 0]

    for run in runs:
        events = await store.events_after(run.run_id, 0)
        record = await store.get_run(run.run_id)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert [event.kind in RUN_END_KINDS for event in events].count(True) == 1
        assert events[-1].kind in RUN_END_KINDS
        assert record.status is RunState().after(events).status
        assert record.status.is_final
