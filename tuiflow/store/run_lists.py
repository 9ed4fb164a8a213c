"""Lists runs a page at a time, and says which of those that are known are still kept."""

import json
from collections.abc import Sequence
from functools import lru_cache

from tuiflow.errors import RunNotFoundError
from tuiflow.model.ids import RunId
from tuiflow.store.link import Link
from tuiflow.store.queries import sql
from tuiflow.store.records import RunRecord
from tuiflow.store.rows import read_run

_NEWEST = 2**63 - 1  # larger than any number SQLite gives
# A list is read again with all news there is, and nearly all of its rows are as they were.
_read_again = lru_cache(maxsize=512)(read_run)


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
