"""Deletes runs that are over, with all that only they stood on, and gives the room back."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from sqlite3 import Row

from tuiflow.errors import RunError, RunGoesOnError, StoreError
from tuiflow.model.ids import RunId
from tuiflow.model.status import Status
from tuiflow.store.columns import read_status
from tuiflow.store.last_words import forget_last_words
from tuiflow.store.link import Link
from tuiflow.store.queries import sql
from tuiflow.store.run_head import read_root_head

_ROWS = 5000  # deleted in one transaction, so that nobody waits long for the database
_PAGES = 1000  # given back in one go, for the same reason
_DAY = 86_400_000_000  # microseconds
_GIGABYTE = 1_000_000_000
_INCREMENTAL = 2  # as PRAGMA auto_vacuum has it


@dataclass(frozen=True, kw_only=True)
class Retention:
    """What is kept: a run goes once it is too old, or the oldest ones where all take too much."""

    days: float = 30.0
    gigabytes: float = 2.0
    runs: int = 20
    """The newest of each workflow, which are always kept."""


@dataclass(frozen=True, kw_only=True)
class OldRun:
    """A run that may be deleted."""

    run_id: RunId
    workflow_name: str
    status: Status
    ended_at: int
    """Microseconds since 1970."""
    size: int
    """Bytes, about."""


async def delete_run(link: Link, run_id: RunId) -> None:
    """Delete one run with its nested ones, and give its room back.

    Raises RunNotFoundError, NestedRunError, and RunGoesOnError for one that is not over.
    """
    await _delete(link, run_id)
    await _sweep(link, [run_id])
    await _give_back(link)


async def list_old_runs(link: Link, retention: Retention, now: int) -> list[OldRun]:
    """List what is not kept any longer, the oldest first."""
    rows = await link.search(sql("list_prunable"), {"keep": retention.runs})
    found = await link.fetch_one("used_bytes")
    room = retention.gigabytes * _GIGABYTE - (found["size"] if found else 0)
    too_old = now - retention.days * _DAY
    old: list[OldRun] = []
    kept: list[OldRun] = []
    for row in rows:
        is_old = row["ended_at"] < too_old
        if is_old or room < 0:
            run = await _measure(link, row)
            (old if is_old else kept).append(run)
            room += run.size if is_old else 0
    for run in kept:
        if room < 0:
            old.append(run)
            room += run.size
    return old


async def prune(link: Link, runs: Sequence[OldRun]) -> list[OldRun]:
    """Delete runs and what earlier deletions left behind; give those that were still there."""
    deleted: list[OldRun] = []
    for run in runs:
        # Somebody else may have deleted it since, or have resumed it.
        with suppress(RunError):
            await _delete(link, run.run_id)
            deleted.append(run)
    left = await link.fetch_all(sql("list_left_events"), {})
    await _sweep(link, [row["run_id"] for row in left])
    async with link.transaction() as transaction:
        await transaction.execute("delete_old_revisions")
    await _give_back(link, may_rewrite=True)
    return deleted


async def _measure(link: Link, row: Row) -> OldRun:
    (found,) = await link.search(sql("measure_run"), {"run_id": row["run_id"]})
    return OldRun(
        run_id=row["run_id"],
        workflow_name=row["workflow_name"],
        status=read_status(row["status"]),
        ended_at=row["ended_at"],
        size=found["size"],
    )


async def _delete(link: Link, run_id: RunId) -> None:
    # Its row goes first: from then on there is no such run, however long the rest takes.
    async with link.transaction() as transaction:
        head = await read_root_head(transaction, run_id)
        if not head.status.is_final:
            raise RunGoesOnError(run_id, head.status)
        for name in ("delete_run", "delete_worker", "delete_blob_uses", "delete_snapshot"):
            await transaction.execute(name, run_id=run_id)
    forget_last_words(run_id)


async def _sweep(link: Link, run_ids: Iterable[RunId]) -> None:
    for run_id in run_ids:
        await _delete_all(link, "delete_some_events", run_id=run_id)
    await _delete_all(link, "delete_some_unused_blobs")


async def _delete_all(link: Link, name: str, **params: object) -> None:
    while True:
        async with link.transaction() as transaction:
            if await transaction.execute(name, limit=_ROWS, **params) < _ROWS:
                return


async def _give_back(link: Link, *, may_rewrite: bool = False) -> None:
    # What is deleted is deleted; room that cannot be given back now is used again, or goes later.
    with suppress(StoreError):
        if await link.ask("PRAGMA auto_vacuum") == _INCREMENTAL:
            await _shrink(link)
        elif may_rewrite and not await link.fetch_all(sql("list_workers"), {}):
            # A database of before: written anew once, while nobody would have to wait for it.
            await link.ask(f"PRAGMA auto_vacuum = {_INCREMENTAL}")
            await link.ask("VACUUM")
        await link.ask("PRAGMA wal_checkpoint(TRUNCATE)")


async def _shrink(link: Link) -> None:
    free = await link.ask("PRAGMA freelist_count")
    while free:
        await link.ask(f"PRAGMA incremental_vacuum({_PAGES})")
        before, free = free, await link.ask("PRAGMA freelist_count")
        if free >= before:
            return
