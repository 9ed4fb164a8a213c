"""Runs, workers and events for the store's tests."""

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tuiflow.model.content import StoredContent
from tuiflow.model.events import StepStartedEvent, WorkflowStartedEvent
from tuiflow.model.ids import NodePath, RunId, new_run_id
from tuiflow.store import EventLog, Lease, NewRun, SqliteDb, Store, WorkerRecord

FLOW = NodePath("etl")
STEP = NodePath("etl/fetch")
_times = itertools.count(1_700_000_000_000_000)


def new_run(**given: Any) -> NewRun:
    values: dict[str, Any] = {
        "run_id": new_run_id(),
        "workflow_name": "etl",
        "input": StoredContent(value={"day": 1}),
        "created_at": next(_times),
    }
    return NewRun(**(values | given))


def worker_of(run_id: RunId) -> WorkerRecord:
    return WorkerRecord(
        run_id=run_id,
        mode="worker",
        pid=os.getpid(),
        started=1.5,
        boot_id="boot",
        host="here",
        python="/usr/bin/python3",
        heartbeat=time.time_ns() // 1000,
    )


async def claimed(store: Store, **given: Any) -> Lease:
    run = new_run(**given)
    await store.create_run(run)
    lease = await store.claim_run(run.run_id, worker_of(run.run_id))
    assert lease is not None
    return lease


@contextmanager
def log_of(db: SqliteDb, lease: Lease, **given: Any) -> Iterator[EventLog]:
    log = EventLog(db, lease, **given)
    try:
        yield log
    finally:
        log.close()


def flow_started() -> WorkflowStartedEvent:
    return WorkflowStartedEvent(node_path=FLOW)


def step_started(number: int = 1) -> StepStartedEvent:
    return StepStartedEvent(node_path=NodePath(f"etl/step_{number}"))
