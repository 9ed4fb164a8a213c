"""Ends runs on request: asks at once, and sees to it in the background that they end."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from anyio import CancelScope
from anyio.abc import TaskGroup
from anyio.to_thread import run_sync

from tuiflow.errors import RunError, RunNotFoundError, StoreError, WorkerError
from tuiflow.model.clock import now
from tuiflow.model.ids import RunId
from tuiflow.service.background import open_group
from tuiflow.store import CancelAnswer, RunRecord, SqliteDb, Store
from tuiflow.supervisor import end_run, kill, kill_run, spawn_ending, wake


@asynccontextmanager
async def open_endings(store: Store, db: SqliteDb) -> AsyncGenerator["Endings", None]:
    """Give a place to end runs from; what has not ended by then goes on without us."""
    endings: Endings | None = None
    try:
        async with open_group() as group:
            endings = Endings(store, db, group)
            yield endings
    finally:
        if endings is not None:
            await endings.hand_over()


class Endings:
    """Runs that were asked to stop and are not over yet."""

    def __init__(self, store: Store, db: SqliteDb, group: TaskGroup) -> None:
        self._store = store
        self._db = db
        self._group = group
        self._open: set[RunId] = set()
        self._seen_to: set[RunId] = set()

    async def cancel(self, run_id: RunId, reason: str) -> CancelAnswer:
        """Ask a run to stop; raises RunNotFoundError, NestedRunError."""
        await self._woken(run_id)
        answer = await self._store.request_cancel(run_id, reason=reason)
        if answer is CancelAnswer.REQUESTED and run_id not in self._seen_to:
            self._open.add(run_id)
            self._seen_to.add(run_id)
            self._group.start_soon(self._see_to, run_id)
        return answer

    async def kill(self, run_id: RunId) -> bool:
        """End a run's processes now; False when it was over already.

        They end as well where that cannot be recorded, which raises StoreError.
        """
        run = await self._woken(run_id)
        try:
            answer = await self._store.request_cancel(run_id, kill_after=now(), reason="killed")
        except StoreError:
            if run.worker is not None and not run.status.is_final:
                await run_sync(kill, run.worker)
            raise
        if answer is not CancelAnswer.REQUESTED:
            return answer is CancelAnswer.NEVER_STARTED
        run = await self._store.get_run(run_id)
        if run.worker is not None and run.worker.mode == "inline":
            raise RunError(
                f"run {run_id} runs inside process {run.worker.pid}, which tuiflow did not start: "
                "it has been asked to stop"
            )
        return await kill_run(self._store, run)

    async def hand_over(self) -> None:
        """Leave what is still ending to processes of its own."""
        with CancelScope(shield=True):
            for run_id in tuple(self._open):
                # Where it cannot be, whoever looks after runs next kills what is past its time.
                with suppress(WorkerError):
                    await run_sync(spawn_ending, self._db, run_id)

    async def _woken(self, run_id: RunId) -> RunRecord:
        run = await self._store.get_run(run_id)
        if run.worker is not None and not run.status.is_final:
            wake(run.worker)
        return run

    async def _see_to(self, run_id: RunId) -> None:
        # What is interrupted or fails stays open: it is handed over at the end, or asked again.
        try:
            with suppress(StoreError):
                with suppress(RunNotFoundError):  # it was deleted as soon as it was over
                    await end_run(self._store, run_id)
                self._open.discard(run_id)
        finally:
            self._seen_to.discard(run_id)
