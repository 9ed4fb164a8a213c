"""Ends a run from outside: asks, waits as long as it may take, then kills and says so."""

import time

import anyio

from tuiflow.model.events import WorkflowCancelledEvent
from tuiflow.model.ids import RunId, root_path
from tuiflow.model.status import Status
from tuiflow.store import (
    RunRecord,
    SqliteDb,
    Store,
    WorkerRecord,
    forget_last_words,
    is_alive,
    spawn_detached,
)
from tuiflow.supervisor.processes import ask_to_end, kill

LOOK_SECONDS = 0.05
LAST_LOOK_SECONDS = 2.0
"""How long a killed process may take to be gone; disk sleep can hold it for longer."""


async def end_run(store: Store, run_id: RunId, *, kill_now: bool = False) -> None:
    """Signal the run's worker, and kill it past its `kill_after`, else past its grace.

    A run of a process that tuiflow did not start is only ever asked.
    """
    run = await store.get_run(run_id)
    worker = run.worker
    if run.status.is_final or worker is None or worker.mode != "worker":
        return
    if not kill_now:
        ask_to_end(worker)
        if await _ends_in_time(store, worker, run):
            return
    await kill_run(store, await store.get_run(run_id))


async def kill_run(store: Store, run: RunRecord) -> bool:
    """End the run's process at once and record the cancel; False when the run had ended."""
    worker = run.worker
    if run.status.is_final or worker is None or worker.mode != "worker":
        return False
    await anyio.to_thread.run_sync(kill, worker)
    with anyio.move_on_after(LAST_LOOK_SECONDS):
        while is_alive(worker) == "alive":  # noqa: ASYNC110 - nobody tells of a stranger's end
            await anyio.sleep(LOOK_SECONDS / 5)
    reason = run.reason or "killed"
    event = WorkflowCancelledEvent(node_path=root_path(run.workflow_name), reason=reason)
    forget_last_words(run.run_id)
    if await store.end_run(run.run_id, event, episode=run.episode):
        return True
    # A reaper may have found the killed worker first, and written this same end.
    return (await store.get_run(run.run_id)).status is Status.CANCELLED


def spawn_ending(db: SqliteDb, run_id: RunId) -> None:
    """Leave the end of a run to a process that outlives this one."""
    spawn_detached("tuiflow.supervisor.ending", run_id, "--db", str(db.db_file))


async def _ends_in_time(store: Store, worker: WorkerRecord, run: RunRecord) -> bool:
    limit = (run.kill_after or 0) / 1_000_000 or time.time() + run.cancel_grace
    while time.time() < limit:
        if is_alive(worker) == "gone" or (await store.get_run(worker.run_id)).status.is_final:
            break
        await anyio.sleep(LOOK_SECONDS)
    return (await store.get_run(worker.run_id)).status.is_final
