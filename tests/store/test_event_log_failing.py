import sqlite3
import time
from types import SimpleNamespace

import anyio
import pytest

from tests.store.making import STEP, claimed, flow_started, log_of
from tests.waiting import until
from tuiflow.errors import DatabaseUnusableError, StoreError
from tuiflow.model.events import StepLogEvent
from tuiflow.model.status import Status
from tuiflow.store import EventLog, SqliteDb, Store, event_log


async def test_a_lock_held_for_a_while_delays_the_commit_and_not_the_loop(
    store: Store, db: SqliteDb
):
    lease = await claimed(store)
    other = sqlite3.connect(db.db_file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    with log_of(db, lease) as log:
        log.append(flow_started())
        async with anyio.create_task_group() as group:
            group.start_soon(log.commit)
            for _ in range(30):
                await anyio.sleep(0.01)
            assert await store.events_after(lease.run_id, 0) == []
            # Only a loop that is free gets here: a commit that holds it would wait in vain.
            other.execute("ROLLBACK")
        other.close()

        assert len(await store.events_after(lease.run_id, 0)) == 1


async def test_a_lock_held_for_too_long_fails_the_run_loudly(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(event_log, "LOCKED_SECONDS", 0.3)
    lease = await claimed(store)
    other = sqlite3.connect(db.db_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    log = EventLog(db, lease)
    log.append(flow_started())

    with pytest.raises(DatabaseUnusableError, match="locked by another process for"):
        await log.commit()

    other.close()
    with pytest.raises(DatabaseUnusableError):
        log.close()
    assert await store.events_after(lease.run_id, 0) == []


async def test_time_for_which_a_waiting_process_was_stopped_is_no_waiting(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    lease = await claimed(store)
    other = sqlite3.connect(db.db_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asked = iter(range(10**6))
    # Between any two looks at the clock a minute goes by, as for a process that wakes up.
    monkeypatch.setattr(
        event_log,
        "time",
        SimpleNamespace(
            monotonic=lambda: next(asked) * 60.0, sleep=time.sleep, time_ns=time.time_ns
        ),
    )
    with log_of(db, lease) as log:
        log.append(flow_started())
        await until(lambda: next(asked) > 20)

        other.execute("ROLLBACK")
        other.close()
        await log.commit()

    assert len(await store.events_after(lease.run_id, 0)) == 1


async def test_a_full_disk_fails_the_run_and_loses_nothing_committed(store: Store, db: SqliteDb):
    lease = await claimed(store)
    log = EventLog(db, lease)
    log.append(flow_started())
    await log.commit()
    pages = log._writer._connection.execute("PRAGMA page_count").fetchone()[0]
    log._writer._connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    async def flood() -> None:
        for _ in range(100):
            log.append(StepLogEvent(node_path=STEP, text="x" * 4000))
            await log.commit()

    with pytest.raises(DatabaseUnusableError, match="the disk is full"):
        await flood()
    with pytest.raises(DatabaseUnusableError, match="the disk is full"):
        log.close()
    events = await store.events_after(lease.run_id, 0)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert (await store.get_run(lease.run_id)).status is Status.RUNNING


async def test_appending_after_a_failure_does_not_raise_and_closing_tells(
    store: Store, db: SqliteDb
):
    lease = await claimed(store)
    log = EventLog(db, lease)
    log._fail(StoreError("broken"))

    log.append(flow_started())

    with pytest.raises(StoreError, match="broken"):
        log.close()
