"""Ends a run that its program leaves without an end: it lives on, and nobody finds it gone."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from anyio import CancelScope

from tuiflow.errors import RunError, StoreError
from tuiflow.model.events import WorkflowCrashedEvent
from tuiflow.model.failure import describe_exception
from tuiflow.model.ids import RunId, root_path
from tuiflow.store import Store, describe_process
from tuiflow.workflow.claimed_run import INTERRUPTED


@asynccontextmanager
async def ended_if_left(store: Store, run_id: RunId) -> AsyncGenerator[None, None]:
    """End a run of this process as crashed where the block raises and it has no end by then."""
    try:
        yield
    except BaseException as error:
        with CancelScope(shield=True), suppress(StoreError, RunError):
            await end_left(store, run_id, _reason(error))
        raise


async def end_left(store: Store, run_id: RunId, reason: str) -> None:
    """End a run as crashed that has no end, unless another process has it; raises StoreError."""
    run = await store.get_run(run_id)
    me, worker = describe_process(run_id, "inline"), run.worker
    is_mine = worker is None or (worker.pid, worker.boot_id) == (me.pid, me.boot_id)
    if is_mine and not run.status.is_final:
        event = WorkflowCrashedEvent(node_path=root_path(run.workflow_name), reason=reason)
        await store.end_run(run_id, event, seen=run)


def _reason(error: BaseException) -> str:
    match error:
        case StoreError():
            return str(error)
        case Exception():
            return describe_exception(error).summary
        case _:
            return INTERRUPTED
