# pyright: reportPrivateUsage=false
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from hashlib import sha256
from typing import Any

import pytest

from tests.store.making import FLOW, STEP, claimed, flow_started, log_of, new_run
from tuiflow.errors import NestedRunError, RunGoesOnError, RunNotFoundError
from tuiflow.model.content import StoredContent
from tuiflow.model.events import StepLogEvent, WorkflowCompletedEvent
from tuiflow.model.ids import Revision, RunId
from tuiflow.model.outline import FileReport
from tuiflow.store import Retention, SqliteDb, Store, pruning
from tuiflow.store.link import Link

EVERYTHING = Retention(days=0, runs=0)
HOUR = 3_600_000_000  # microseconds


async def ended(store: Store, db: SqliteDb, *, lines: int = 3, at: int = 1, **given: Any) -> RunId:
    """A run that is over since a time, with so many log lines of a kilobyte."""
    lease = await claimed(store, **given)
    with log_of(db, lease, clock=lambda: at, beat=False) as log:
        log.append(flow_started())
        for _ in range(lines):
            log.append(StepLogEvent(node_path=STEP, text="x" * 1000))
        log.append(WorkflowCompletedEvent(node_path=FLOW))
    return lease.run_id


def rows_in(db: SqliteDb) -> dict[str, int]:
    tables = ("runs", "events", "workers", "blobs", "blob_uses", "revisions")
    with closing(sqlite3.connect(db.db_file)) as raw:
        return {name: raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


def big_input(text: str) -> dict[str, Any]:
    raw = text.encode()
    stored = StoredContent(blob=sha256(raw).hexdigest(), size=len(raw))
    return {"input": stored, "blobs": (raw,)}


async def test_a_deleted_run_leaves_nothing_behind(store: Store, db: SqliteDb):
    before = rows_in(db)
    run_id = await ended(store, db, lines=30, **big_input('"long"'))

    await store.delete_run(run_id)

    assert rows_in(db) == before
    with pytest.raises(RunNotFoundError):
        await store.get_run(run_id)


async def test_a_run_with_more_events_than_one_transaction_takes_goes_whole(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pruning, "_ROWS", 4)
    kept = await ended(store, db, lines=1)
    run_id = await ended(store, db, lines=22)

    await store.delete_run(run_id)

    assert rows_in(db)["events"] == len(await store.events_after(kept, 0)) == 3


async def test_nested_runs_go_with_their_root_and_never_alone(store: Store, db: SqliteDb):
    root = await ended(store, db)
    nested = new_run(root_run_id=root, parent_run_id=root, host_path=STEP)
    await store.create_run(nested)

    with pytest.raises(NestedRunError, match=root):
        await store.delete_run(nested.run_id)
    await store.delete_run(root)

    assert rows_in(db)["runs"] == 0


async def test_a_blob_stays_as_long_as_somebody_names_it(store: Store, db: SqliteDb):
    first = await ended(store, db, **big_input('"shared"'))
    second = await ended(store, db, **big_input('"shared"'))
    digest = sha256(b'"shared"').hexdigest()

    await store.delete_run(first)
    assert await store.get_blob(digest) == b'"shared"'
    await store.delete_run(second)

    assert await store.get_blob(digest) is None


async def test_what_goes_on_is_refused_and_not_pruned(store: Store):
    pending = new_run()
    await store.create_run(pending)
    running = await claimed(store)

    for run_id, status in ((pending.run_id, "pending"), (running.run_id, "running")):
        with pytest.raises(RunGoesOnError, match=f"is {status}: cancel it first"):
            await store.delete_run(run_id)

    assert await store.list_old_runs(EVERYTHING) == []


async def test_old_runs_go_but_not_the_newest_of_each_workflow(
    store: Store, db: SqliteDb, now: int
):
    old = [await ended(store, db, at=now - 49 * HOUR) for _ in range(3)]
    await ended(store, db, at=now - 49 * HOUR, workflow_name="rare")
    await ended(store, db, at=now - HOUR)

    found = await store.list_old_runs(Retention(days=2, runs=2))
    deleted = await store.prune(found)

    assert [run.run_id for run in deleted] == old[:2]
    assert {run.workflow_name for run in deleted} == {"etl"}
    assert [run.run_id for run in await store.list_runs()][-1] == old[2]
    assert rows_in(db)["runs"] == 3


async def test_where_all_take_too_much_the_oldest_go_until_there_is_room(
    store: Store, db: SqliteDb, now: int
):
    runs = [await ended(store, db, at=now, lines=300) for _ in range(6)]
    used = sum([run.size for run in await store.list_old_runs(EVERYTHING)])

    found = await store.list_old_runs(Retention(gigabytes=used / 2 / 1e9, runs=1))

    ids = [run.run_id for run in found]
    assert ids == runs[: len(ids)]
    assert 3 <= len(ids) <= 5


async def test_nothing_goes_while_there_is_room_and_nothing_is_old(
    store: Store, db: SqliteDb, now: int
):
    await ended(store, db, at=now)

    assert await store.list_old_runs(Retention(runs=0)) == []


async def test_the_room_is_given_back(store: Store, db: SqliteDb):
    run_id = await ended(store, db, lines=5000)
    before = await store.size()

    await store.delete_run(run_id)

    assert before > 5_000_000
    assert await store.size() < 300_000


async def test_pruning_gives_back_what_a_database_of_before_cannot(db: SqliteDb, store: Store):
    with closing(sqlite3.connect(db.db_file, isolation_level=None)) as raw:
        raw.execute("PRAGMA auto_vacuum = NONE")
        raw.execute("VACUUM")
    run_id = await ended(store, db, lines=5000)
    await store.delete_run(run_id)
    assert await store.size() > 5_000_000

    await store.prune([])

    assert await store.size() < 300_000


async def test_pruning_sweeps_up_what_an_interrupted_deletion_left(store: Store, db: SqliteDb):
    kept = await ended(store, db)
    run_id = await ended(store, db, **big_input('"left"'))
    with closing(sqlite3.connect(db.db_file)) as raw, raw:
        raw.execute("DELETE FROM runs WHERE run_id = ?", (run_id,))
        raw.execute("DELETE FROM blob_uses WHERE run_id = ?", (run_id,))

    await store.prune([])

    assert rows_in(db)["blobs"] == 0
    assert rows_in(db)["events"] == len(await store.events_after(kept, 0))


async def test_a_new_run_under_the_id_of_one_that_is_being_deleted_has_all_of_its_own_events(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pruning, "_ROWS", 4)
    run_id = await ended(store, db, lines=20, run_id=RunId("nightly"))
    sweep = pruning._sweep

    async def be_late(link: Link, run_ids: Iterable[RunId]) -> None:
        await ended(store, db, lines=30, run_id=run_id)
        await sweep(link, run_ids)

    monkeypatch.setattr(pruning, "_sweep", be_late)
    await store.delete_run(run_id)

    assert [event.seq for event in await store.events_after(run_id, 0)] == list(range(1, 33))
    assert [found.sentence async for found in store.verify()] == []


async def test_pruning_forgets_code_that_no_kept_run_was_started_from(store: Store, db: SqliteDb):
    for name in ("r1", "r2", "r3"):
        await store.save_report(FileReport(file="/p/etl.py", revision=Revision(name)))
    run_id = await ended(store, db, revision=Revision("r1"))

    await store.prune([])
    assert await store.get_report(Revision("r1")) is not None
    assert await store.get_report(Revision("r2")) is None
    await store.prune(await store.list_old_runs(EVERYTHING))

    with pytest.raises(RunNotFoundError):
        await store.get_run(run_id)
    assert await store.get_report(Revision("r1")) is None
    assert await store.get_report(Revision("r3")) is not None


async def test_one_that_somebody_else_deleted_first_is_not_counted(store: Store, db: SqliteDb):
    await ended(store, db)
    found = await store.list_old_runs(EVERYTHING)
    await store.delete_run(found[0].run_id)

    assert await store.prune(found) == []


async def test_workers_write_while_a_big_run_is_deleted(store: Store, db: SqliteDb):
    run_id = await ended(store, db, lines=20_000)
    lease = await claimed(store)
    with log_of(db, lease) as log:
        log.append(flow_started())
        await store.delete_run(run_id)
        log.append(WorkflowCompletedEvent(node_path=FLOW))
        await log.commit()

    assert len(await store.events_after(lease.run_id, 0)) == 2
