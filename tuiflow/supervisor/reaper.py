"""Finds runs whose process is gone or may be killed, and writes the end they cannot write."""

import time
from collections.abc import Callable
from contextlib import suppress

from anyio import sleep, to_thread

from tuiflow.errors import RunError, StoreError
from tuiflow.model.clock import now
from tuiflow.model.ids import RunId, short_id
from tuiflow.store import Store, WorkerRecord, bury, how_it_ended, is_alive
from tuiflow.supervisor.processes import kill
from tuiflow.supervisor.stopping import kill_run

LOOK_SECONDS = 1.0
CLAIM_SECONDS = 60.0
"""A worker's start, an import and a claim take less; a run that waits longer has lost its starter,
for whoever made it ends it when its start fails."""


class Reaper:
    """Looks after the runs of one database; several may, and each end is written once."""

    def __init__(
        self,
        store: Store,
        *,
        claim_seconds: float = CLAIM_SECONDS,
        on_lost: Callable[[RunId, WorkerRecord, str], None] | None = None,
    ) -> None:
        self._store = store
        self._claim_seconds = claim_seconds
        self._on_lost = on_lost
        self._calm_at: int | None = None
        """The database's version at the last look that found no run going on."""

    async def run(self) -> None:
        """Look every second, until cancelled; a database that is locked now is asked again."""
        while True:
            with suppress(StoreError, RunError):
                await self.look()
            await sleep(LOOK_SECONDS)

    async def look(self) -> int:
        """Look once, and say how many runs were ended."""
        version = await self._store.data_version()
        if version == self._calm_at:
            return 0
        self._calm_at = None if await self._is_anything_going_on() else version
        ended = 0
        for worker in await self._store.list_workers():
            match await to_thread.run_sync(is_alive, worker):
                case "gone":
                    ended += await self._bury(worker)
                case "alive" if worker.mode == "worker":
                    ended += await self._kill_if_due(worker)
                case _:
                    pass
        too_old = int((time.time() - self._claim_seconds) * 1_000_000)
        return ended + await self._store.end_unclaimed(too_old)

    async def _is_anything_going_on(self) -> bool:
        counts = await self._store.count_runs()
        return any(not status.is_final for status in counts)

    async def _bury(self, worker: WorkerRecord) -> bool:
        # What it has started would go on beside the next attempt.
        await to_thread.run_sync(kill, worker)
        try:
            return await bury(self._store, worker)
        except StoreError as error:
            if self._on_lost is not None:
                how = how_it_ended(worker)
                why = "" if str(error) in how else f": {error}"
                lost = f"run {short_id(worker.run_id)} is lost, its {how}"
                self._on_lost(worker.run_id, worker, f"{lost}; that cannot be recorded{why}")
            return False

    async def _kill_if_due(self, worker: WorkerRecord) -> bool:
        run = await self._store.get_run(worker.run_id)
        if run.kill_after is None or run.kill_after > now():
            return False
        return await kill_run(self._store, run)
