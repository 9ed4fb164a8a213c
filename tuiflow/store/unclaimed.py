"""Ends pending runs that nobody will claim: their starter is gone, or was never named."""

from sqlite3 import Row

from anyio import to_thread

from tuiflow.model.clock import now
from tuiflow.model.events import WorkflowCrashedEvent
from tuiflow.model.ids import root_path
from tuiflow.model.status import Status
from tuiflow.store.link import Link
from tuiflow.store.processes import is_alive
from tuiflow.store.queries import sql
from tuiflow.store.rows import read_worker
from tuiflow.store.run_head import read_root_head, write_end

_NEVER_STARTED = "not started: whatever was to start it ended before it was claimed"
_PATIENCE = 1_500_000
"""Microseconds: a worker that was told of the run may claim it though its starter is gone."""


async def end_unclaimed(link: Link, before: int) -> int:
    """End such runs as crashed, each once, and say how many."""
    ended = 0
    for row in await link.fetch_all(sql("list_unclaimed"), {}):
        if not await to_thread.run_sync(_is_left, row, before):
            continue
        async with link.transaction() as transaction:
            head = await read_root_head(transaction, row["run_id"])
            # A worker may have claimed it between the two looks.
            if head.status is Status.PENDING:
                path = root_path(head.workflow_name)
                event = WorkflowCrashedEvent(node_path=path, reason=_NEVER_STARTED)
                await write_end(transaction, head, event, now())
                ended += 1
    return ended


def _is_left(row: Row, before: int) -> bool:
    waits_since = row["waits_since"]
    starter = "unknown" if row["mode"] is None else is_alive(read_worker(row))
    if starter == "unknown":
        return waits_since < before
    # One that lives may be held up, as a program that computes before its loop turns again.
    return starter == "gone" and waits_since <= now() - _PATIENCE
