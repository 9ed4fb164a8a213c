"""A run as a transaction sees it before it changes it, and the end that others write for it."""

import secrets
from dataclasses import dataclass, replace
from hashlib import sha256

from tuiflow.errors import (
    FencedError,
    NestedRunError,
    NotResumableError,
    RunExistsError,
    RunNotFoundError,
)
from tuiflow.model.clock import now
from tuiflow.model.events import WorkflowCancelledEvent, WorkflowCrashedEvent, event_body
from tuiflow.model.ids import Revision, RunId, SessionId
from tuiflow.model.outline import CANCEL_GRACE
from tuiflow.model.redaction import Redactor
from tuiflow.model.status import Status
from tuiflow.store.columns import read_status
from tuiflow.store.link import Transaction
from tuiflow.store.records import Lease, NewRun, WorkerRecord
from tuiflow.store.rows import run_columns, worker_columns
from tuiflow.store.transitions import end_columns


@dataclass(frozen=True)
class RunHead:
    """Where a run stands."""

    run_id: RunId
    workflow_name: str
    status: Status
    episode: int
    last_seq: int
    cancel_grace: float
    session_id: SessionId | None


async def read_root_head(transaction: Transaction, run_id: RunId) -> RunHead:
    """Read a root run's head; raises RunNotFoundError and NestedRunError."""
    row = await transaction.fetch_one("read_run_head", run_id=run_id)
    if row is None:
        raise RunNotFoundError(run_id)
    if row["root_run_id"] is not None:
        raise NestedRunError(run_id, row["root_run_id"])
    grace = row["cancel_grace"]
    return RunHead(
        run_id=run_id,
        workflow_name=row["workflow_name"],
        status=read_status(row["status"]),
        episode=row["episode"],
        last_seq=row["last_seq"] or 0,
        cancel_grace=CANCEL_GRACE if grace is None else grace,
        session_id=row["session_id"],
    )


async def check_lease(transaction: Transaction, lease: Lease) -> None:
    """Refuse who has not the run any more, or not yet; raises FencedError."""
    params = {"run_id": lease.run_id, "token": lease.token, "episode": lease.episode}
    if await transaction.fetch_one("read_lease", **params) is None:
        raise FencedError(lease.run_id)


async def write_end(
    transaction: Transaction,
    head: RunHead,
    event: WorkflowCancelledEvent | WorkflowCrashedEvent,
    at: int,
) -> None:
    """End a run with its next event; whoever held its lease cannot write any more."""
    run_id = head.run_id
    # What nobody has claimed has no episode yet; its end is told as one of its own.
    episode = head.episode + (head.status is Status.PENDING)
    token = secrets.token_hex(8)
    await transaction.execute("fence_run", run_id=run_id, token=token, episode=episode)
    await transaction.execute(
        "insert_event",
        run_id=run_id,
        seq=head.last_seq + 1,
        at=at,
        episode=episode,
        kind=event.kind,
        node_path=event.node_path,
        body=event_body(event),
    )
    columns = end_columns(event, at)
    await transaction.execute("end_run", run_id=run_id, **columns)
    await transaction.execute("end_open_nested_runs", run_id=run_id, **columns)


async def write_new_run(transaction: Transaction, run: NewRun, redactor: Redactor | None) -> None:
    """Write the row of a pending run, with the blobs it names and its preview masked.

    Raises RunExistsError.
    """
    if redactor is not None:
        run = replace(run, input=redactor.content(run.input))
    if not await transaction.execute("create_run", **run_columns(run)):
        raise RunExistsError(run.run_id)
    if run.root_run_id is None:
        # One of that id may have been deleted, whose events are not all gone yet.
        await transaction.execute("delete_left_events", run_id=run.run_id)
    used = {medium.digest for medium in run.media}
    for raw in run.blobs:
        digest = sha256(raw).hexdigest()
        await transaction.execute("save_blob", digest=digest, raw=raw)
        used.add(digest)
    if run.source_run_id is not None:
        ids = {"run_id": run.run_id, "source_run_id": run.source_run_id}
        await transaction.execute("share_blobs", **ids)
    for digest in used - {None}:
        root = run.root_run_id or run.run_id
        await transaction.execute("use_blob", digest=digest, run_id=root)


async def write_reopened(
    transaction: Transaction, run_id: RunId, revision: Revision | None
) -> None:
    """Make a run that is over pending; raises NestedRunError, NotResumableError."""
    head = await read_root_head(transaction, run_id)
    params = {"run_id": run_id, "at": now(), "revision": revision}
    if not await transaction.execute("reopen_run", **params):
        raise NotResumableError(run_id, head.status)
    # Its process is of an episode that is over: nobody shall bury the next one for it.
    await transaction.execute("forget_worker", run_id=run_id)


async def write_worker(transaction: Transaction, worker: WorkerRecord | None) -> None:
    """Say which process a run stands and falls with by now, where that is known."""
    if worker is not None:
        await transaction.execute("save_worker", **worker_columns(worker))
