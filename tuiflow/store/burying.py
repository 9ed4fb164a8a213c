"""Writes the end that a process which is gone cannot write any more."""

from anyio import to_thread

from tuiflow.model.events import WorkflowCancelledEvent, WorkflowCrashedEvent
from tuiflow.model.ids import root_path
from tuiflow.model.last_words import parse_last_words
from tuiflow.model.status import Status
from tuiflow.store.last_words import forget_last_words, read_last_words
from tuiflow.store.processes import is_alive
from tuiflow.store.records import RunRecord, WorkerRecord
from tuiflow.store.store import Store

_WORDLESS = {
    "worker": " without a word, as when it is killed or memory runs out",
    "inline": " without a word",
}


async def bury_if_gone(store: Store, run: RunRecord) -> bool:
    """End a run whose process has died, and say whether that was so; raises StoreError."""
    if run.status is Status.PENDING:
        return await store.end_unclaimed() > 0
    worker = run.worker
    if run.status.is_final or worker is None:
        return False
    if await to_thread.run_sync(is_alive, worker) != "gone":
        return False
    return await bury(store, worker)


async def bury(store: Store, worker: WorkerRecord) -> bool:
    """End the run of a process that was seen gone; False when it has ended or moved since."""
    run = await store.get_run(worker.run_id)
    if run.status.is_final or not _is_same_process(run, worker):
        return False
    path = root_path(run.workflow_name)
    event = (
        WorkflowCrashedEvent(
            node_path=path, reason=how_it_ended(worker), last_heartbeat=worker.heartbeat
        )
        if run.cancel_requested_at is None
        else WorkflowCancelledEvent(node_path=path, reason=run.reason)
    )
    is_first = await store.end_run(run.run_id, event, seen=run)
    forget_last_words(run.run_id)
    return is_first


def how_it_ended(worker: WorkerRecord) -> str:
    """Say how a process that is gone has ended, as far as its last words tell."""
    words = parse_last_words(read_last_words(worker.run_id))
    how = f": {words.lines[-1]}" if words.lines else _WORDLESS[worker.mode]
    if words.signal:
        frame = words.frames[-1] if words.frames else None
        how = f" by {words.signal}" + (f" at {frame.file}:{frame.line}" if frame else "")
    return f"{_name(worker)} {worker.pid} ended{how}"


def _is_same_process(run: RunRecord, worker: WorkerRecord) -> bool:
    # The heartbeat may have moved between the two looks.
    now = run.worker
    return now is not None and (now.pid, now.started) == (worker.pid, worker.started)


def _name(worker: WorkerRecord) -> str:
    return "worker" if worker.mode == "worker" else "process"
