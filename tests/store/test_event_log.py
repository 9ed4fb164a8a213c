import threading

import anyio
import pytest

from tests.store.making import FLOW, STEP, claimed, flow_started, log_of, step_started
from tests.waiting import PATIENCE, until
from tuiflow.errors import StoreError
from tuiflow.model.content import StoredContent
from tuiflow.model.events import (
    CustomEvent,
    StepCompletedEvent,
    StepLogEvent,
    WorkflowCompletedEvent,
    WorkflowErrorEvent,
)
from tuiflow.model.failure import Failure
from tuiflow.model.status import Status
from tuiflow.store import EventLog, SqliteDb, Store, event_log


async def test_events_read_back_as_they_were_appended(store: Store, db: SqliteDb):
    lease = await claimed(store)
    given = [
        flow_started(),
        step_started().model_copy(update={"attempt": 3, "step_index": 2}),
        StepCompletedEvent(node_path=STEP, content=StoredContent(value={"ü": [1.5, None]})),
        StepLogEvent(node_path=STEP, text="zwölf\n€", level="error"),
    ]
    with log_of(db, lease, clock=iter(range(100, 1000)).__next__, beat=False) as log:
        for event in given:
            log.append(event)
        await log.commit()

    read = await store.events_after(lease.run_id, 0)

    assert [event.seq for event in read] == [1, 2, 3, 4]
    assert [event.at for event in read] == [100, 101, 102, 103]
    envelope = {"id", "run_id", "seq", "at"}
    for before, after in zip(given, read, strict=True):
        assert before.model_dump(exclude=envelope) == after.model_dump(exclude=envelope)
    assert [event.seq for event in await store.events_after(lease.run_id, 2, limit=1)] == [3]


async def test_an_event_is_later_than_the_one_before_it_also_when_the_clock_is_set_back(
    store: Store, db: SqliteDb
):
    lease = await claimed(store)
    with log_of(db, lease, clock=iter([500, 100, 101, 900]).__next__, beat=False) as log:
        for number in range(4):
            log.append(step_started(number))

    assert [event.at for event in await store.events_after(lease.run_id, 0)] == [500, 501, 502, 900]


async def test_the_runs_row_follows_its_lifecycle(store: Store, db: SqliteDb):
    lease = await claimed(store)
    failure = Failure(type="KeyError", message="'EUR'")
    with log_of(db, lease) as log:
        log.append(flow_started())
        await log.commit()
        record = await store.get_run(lease.run_id)
        assert record.status is Status.RUNNING
        assert record.started_at is not None

        log.append(WorkflowErrorEvent(node_path=FLOW, failure=failure))
        await log.commit()

    record = await store.get_run(lease.run_id)
    assert (record.status, record.failure) == (Status.ERROR, failure)
    assert record.ended_at is not None


async def test_what_comes_after_the_end_is_not_written_and_breaks_nothing(
    store: Store, db: SqliteDb
):
    lease = await claimed(store)
    with log_of(db, lease) as log:
        log.append(flow_started())
        log.append(WorkflowCompletedEvent(node_path=FLOW))
        log.append(StepLogEvent(node_path=FLOW, text="late"))
        await log.commit()
        # Longer than the log's own look at its lease, which is gone now.
        await anyio.sleep(3 * event_log.LOOK_SECONDS)
        await log.commit()
        assert log.failed is None

    assert (await store.get_run(lease.run_id)).last_seq == 2


async def test_events_nobody_commits_are_written_soon(store: Store, db: SqliteDb):
    lease = await claimed(store)
    with log_of(db, lease) as log:
        log.append(flow_started())

        await until(lambda: store.events_after(lease.run_id, 0))


async def test_closing_commits_the_rest_at_once(store: Store, db: SqliteDb):
    lease = await claimed(store)
    log = EventLog(db, lease)
    for _ in range(3000):
        log.append(step_started())

    log.close()

    assert (await store.get_run(lease.run_id)).last_seq == 3000


async def test_many_threads_append_without_gaps(store: Store, db: SqliteDb):
    lease = await claimed(store)
    with log_of(db, lease) as log:

        def append(name: int) -> None:
            for number in range(500):
                log.append(StepLogEvent(node_path=STEP, text=f"{name} {number}"))

        threads = [threading.Thread(target=append, args=(name,)) for name in range(6)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            await log.commit()
        await log.commit()

    read = [event for event in await store.events_after(lease.run_id, 0) if event.kind == "StepLog"]
    assert [event.seq for event in read] == list(range(1, 3001))
    for name in range(6):
        own = [event.text for event in read if event.text.startswith(f"{name} ")]
        assert own == [f"{name} {number}" for number in range(500)]


async def test_a_flood_is_held_back_and_loses_nothing(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(event_log, "_MOST_PENDING", 100)
    lease = await claimed(store)
    with log_of(db, lease) as log:
        for number in range(5000):
            log.append(StepLogEvent(node_path=STEP, text=str(number)))
            assert len(log._rows) <= 101
        await log.commit()

    assert (await store.get_run(lease.run_id)).last_seq == 5000


async def test_branches_that_start_together_share_one_commit(store: Store, db: SqliteDb):
    lease = await claimed(store)
    commits: list[int] = []
    with log_of(db, lease) as log:
        write = log._writer.write
        log._writer.write = lambda batch: (commits.append(len(batch.rows)), write(batch))[1]

        async def branch(number: int) -> None:
            log.append(step_started(number))
            await log.commit()

        async with anyio.create_task_group() as group:
            for number in range(50):
                group.start_soon(branch, number)

    assert commits == [50]


async def test_a_blob_is_there_when_its_event_is(store: Store, db: SqliteDb):
    lease = await claimed(store)
    content = StoredContent(blob="d" * 64, size=3)
    with log_of(db, lease) as log:
        log.append_blob("d" * 64, b"big")
        log.append(StepCompletedEvent(node_path=STEP, content=content))
        await log.commit()

        assert await store.get_blob("d" * 64) == b"big"
        log.append_blob("d" * 64, b"big")
        log.append_blob("e" * 64, b"alone")
        await log.commit()
        assert await store.get_blob("e" * 64) == b"alone"


async def test_a_wish_to_cancel_is_told_once_from_the_logs_own_thread(store: Store, db: SqliteDb):
    lease = await claimed(store)
    told: list[tuple[str, str]] = []

    def note(reason: str) -> None:
        told.append((reason, threading.current_thread().name))

    with log_of(db, lease, on_cancel=note) as log:
        await store.request_cancel(lease.run_id, kill_after=1, reason="enough")
        with anyio.fail_after(PATIENCE):
            while not told:
                log.append(step_started())
                await log.commit()
                await anyio.sleep(0.01)
        await anyio.sleep(3 * event_log.LOOK_SECONDS)

    assert told == [("enough", "tuiflow event log")]


async def test_a_listener_that_raises_fails_the_log_in_words(store: Store, db: SqliteDb):
    lease = await claimed(store)

    def refuse(reason: str) -> None:
        raise ValueError(reason)

    with log_of(db, lease, on_cancel=refuse) as log:
        await store.request_cancel(lease.run_id, kill_after=1, reason="enough")

        async def has_failed() -> bool:
            return log.failed is not None

        await until(has_failed)
        with pytest.raises(StoreError, match="ValueError\\('enough'\\)"):
            await log.commit()


async def test_the_heart_beats_only_when_asked(store: Store, db: SqliteDb):
    beating, silent = await claimed(store), await claimed(store)

    async def heartbeat(run_id: str) -> int:
        workers = {worker.run_id: worker.heartbeat for worker in await store.list_workers()}
        return next(beat for known, beat in workers.items() if known == run_id)

    before = await heartbeat(beating.run_id), await heartbeat(silent.run_id)

    async def has_beaten() -> bool:
        return await heartbeat(beating.run_id) > before[0]

    with log_of(db, beating), log_of(db, silent, beat=False):
        await until(has_beaten)

    assert await heartbeat(silent.run_id) == before[1]


async def test_text_that_is_no_unicode_is_written_as_what_it_is(store: Store, db: SqliteDb):
    lease = await claimed(store)
    with log_of(db, lease) as log:
        log.append(CustomEvent(node_path=STEP, name="odd", data={"a": "x\udcff", "b": 1}))
        await log.commit()

    (event,) = await store.events_after(lease.run_id, 0)
    assert isinstance(event, CustomEvent)
    assert event.data == {"a": "x‹dcff›", "b": 1}
