"""Ends a run from outside: asks, waits as long as it may take, then kills and says so."""

import anyio

from tuiflow.model.clock import now
from tuiflow.model.events import WorkflowCancelledEvent
from tuiflow.model.ids import RunId, root_path
from tuiflow.model.status import Status
from tuiflow.store import (
    RunRecord,
    SqliteDb,
    Store,
    forget_last_words,
    is_alive,
    spawn_detached,
)
from tuiflow.supervisor.processes import ask_to_end, kill

LOOK_SECONDS = 0.05
LAST_LOOK_SECONDS = 2.0
"""How long a killed process may take to be gone; disk sleep can hold it for longer."""


async def end_run(store: Store, run_id: RunId) -> None:
    """Signal the worker of a run that was asked to stop, and kill it past its `kill_after`.

    One that has ended and was resumed since is left alone. A run of a process that tuiflow did not
    start is only ever asked.
    """
    run = await store.get_run(run_id)
    worker = run.worker
    if run.status.is_final or worker is None or worker.mode != "worker" or run.kill_after is None:
        return
    ask_to_end(worker)
    # By a clock that nobody sets: one set back would keep the worker for as long.
    seconds = (run.kill_after - now()) / 1_000_000
    with anyio.move_on_after(seconds):
        while _goes_on(await store.get_run(run_id), run) and is_alive(worker) != "gone":  # noqa: ASYNC110 - as below
            await anyio.sleep(LOOK_SECONDS)
    late = await store.get_run(run_id)
    if _goes_on(late, run):
        await kill_run(store, late)


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
    if await store.end_run(run.run_id, event, seen=run):
        return True
    # A reaper may have found the killed worker first, and written this same end.
    return (await store.get_run(run.run_id)).status is Status.CANCELLED


def spawn_ending(db: SqliteDb, run_id: RunId) -> None:
    """Leave the end of a run to a process that outlives this one."""
    spawn_detached("tuiflow.supervisor.ending", run_id, "--db", str(db.db_file))


def _goes_on(now: RunRecord, then: RunRecord) -> bool:
    return (now.status, now.episode) == (Status.RUNNING, then.episode)
