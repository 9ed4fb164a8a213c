"""What is said of checking and deleting what is kept, in the same words by both fronts."""

from collections.abc import Sequence

from tuiflow.model.ids import RunId, short_id
from tuiflow.service import OldRun, Service


async def nothing_wrong(service: Service, run_id: RunId | None) -> str:
    """Say that a run, or all of them, was checked and is well."""
    of_what = (
        f"run {short_id(run_id)}" if run_id else _runs(sum((await service.count_runs()).values()))
    )
    return f"{of_what} checked: nothing is wrong"


def would_go(runs: Sequence[OldRun]) -> str:
    """Say how much would be deleted."""
    return f"{_runs(len(runs))} would be deleted, about {megabytes(sum(run.size for run in runs))}"


def gone(runs: Sequence[OldRun], given_back: int) -> str:
    """Say how much was deleted, and how many bytes that gave back."""
    return f"{_runs(len(runs))} deleted, {megabytes(given_back)} given back"


def megabytes(size: int) -> str:
    """Write bytes as MB."""
    return f"{max(0, size) / 1_000_000:.1f} MB"


def _runs(count: int) -> str:
    return f"{count} run{'s' * (count != 1)}"
