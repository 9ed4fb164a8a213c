"""Runs that are over while the database takes no end of theirs: a full disk, a lock, a cut mount.

They are shown as crashed and not as running; as soon as it can be written, a reaper writes it.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from tuiflow.errors import RunNotFoundError
from tuiflow.model.ids import RunId
from tuiflow.model.status import Status
from tuiflow.store import RunRecord, Store, WorkerRecord


class LostRuns:
    """Knows why each of them is over; what a person is to hear is told once."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._why: dict[tuple[RunId, object], str] = {}

    def __len__(self) -> int:
        return len(self._why)

    def add(self, run_id: RunId, worker: WorkerRecord | None, why: str) -> None:
        """Take one down, with the process it had; a resumed run has another."""
        if self._why.get((run_id, _process(worker))) != why:
            self._why[run_id, _process(worker)] = why
            self._tell(why)

    def forget(self, run_id: RunId) -> None:
        """Believe the row again: the database takes what is written, and will take the end."""
        self._why = {lost: why for lost, why in self._why.items() if lost[0] != run_id}

    def why(self, run: RunRecord) -> str | None:
        """Say why a run is over that stands as going on; None where its row is right."""
        if run.status.is_final:
            return None
        return self._why.get((run.run_id, _process(run.worker)))

    def seen(self, run: RunRecord) -> RunRecord:
        """Give a run as it is by now, whatever its row says."""
        if (why := self.why(run)) is None:
            return run
        last_seen = run.worker.heartbeat if run.worker else run.created_at
        return replace(run, status=Status.CRASHED, reason=why, ended_at=last_seen)

    async def counted(self, store: Store, since: int) -> dict[Status, int]:
        """Count root runs made since then by their status, as they are by now."""
        counts = Counter(await store.count_runs(since))
        for run_id in {run_id for run_id, _ in self._why}:
            with suppress(RunNotFoundError):
                run = await store.get_run(run_id)
                if run.created_at >= since and self.why(run) is not None:
                    counts[run.status] -= 1
                    counts[Status.CRASHED] += 1
        return +counts


def _process(worker: WorkerRecord | None) -> object:
    return worker and (worker.pid, worker.started)
