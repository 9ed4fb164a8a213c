"""Finds runs by what a person types, lists them, and says which are still kept."""

import json
from collections.abc import Sequence
from functools import lru_cache

from tuiflow.errors import RunAmbiguousError, RunNotFoundError
from tuiflow.model.ids import SHORTEST_TAIL, RunId
from tuiflow.store.link import Link
from tuiflow.store.queries import sql
from tuiflow.store.records import RunRecord
from tuiflow.store.rows import read_run

_LAST = "last"
_NEWEST = 2**63 - 1  # larger than any number SQLite gives
# A list is read again with all news there is, and nearly all of its rows are as they were.
_read_again = lru_cache(maxsize=512)(read_run)


async def find_run(link: Link, tail: str) -> RunId:
    """Find a run by its whole id, an unambiguous end of it, or `last`.

    Raises RunNotFoundError, RunAmbiguousError.
    """
    if tail == _LAST:
        row = await link.fetch_one("find_last_run")
        found = [] if row is None else [RunId(row["run_id"])]
    else:
        rows = await link.fetch_all(sql("find_runs_by_tail"), {"tail": tail})
        found = [RunId(row["run_id"]) for row in rows]
        if len(tail) < SHORTEST_TAIL:
            found = [run_id for run_id in found if run_id == tail]
    if tail in found:
        return RunId(tail)
    if len(found) > 1:
        raise RunAmbiguousError(tail, found)
    if not found:
        raise RunNotFoundError(tail)
    return found[0]


async def list_runs(
    link: Link, workflow_name: str | None, limit: int, before: RunId | None
) -> list[RunRecord]:
    """List root runs, the newest first; raises RunNotFoundError where `before` is not kept."""
    bound = _NEWEST
    if before is not None:
        row = await link.fetch_one("find_run_number", run_id=before)
        if row is None:
            raise RunNotFoundError(before)
        bound = row["number"]
    which = "of_all_workflows" if workflow_name is None else "of_one_workflow"
    params = {"workflow_name": workflow_name, "before": bound, "limit": limit}
    return [_read_again(row) for row in await link.fetch_all(sql("read_runs", which), params)]


async def runs_there(link: Link, run_ids: Sequence[RunId]) -> set[RunId]:
    """Say which of these runs are kept, and name all root runs that go on besides."""
    rows = await link.fetch_all(sql("runs_there"), {"run_ids": json.dumps(list(run_ids))})
    return {RunId(row["run_id"]) for row in rows}
