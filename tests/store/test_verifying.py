import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from hashlib import sha256
from typing import Any

import pytest

from tests.store.making import (
    FLOW,
    STEP,
    claimed,
    flow_started,
    log_of,
    new_run,
    step_started,
    worker_of,
)
from tests.store.test_pruning import big_input
from tuiflow.errors import RunNotFoundError
from tuiflow.model.content import StoredContent
from tuiflow.model.events import (
    ParallelExecutionCompletedEvent,
    ParallelExecutionStartedEvent,
    StepCancelledEvent,
    StepCompletedEvent,
    StepRetryingEvent,
    WorkflowCancelledEvent,
    WorkflowCompletedEvent,
    WorkflowCrashedEvent,
    WorkflowErrorEvent,
    WorkflowResumedEvent,
)
from tuiflow.model.failure import Failure
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.run_event import RunEvent
from tuiflow.store import SqliteDb, Store, verifying
from tuiflow.store.link import Link

Act = Callable[[], Awaitable[object]]

DONE = StepCompletedEvent(node_path=NodePath("etl/step_1"))
END = WorkflowCompletedEvent(node_path=FLOW)


async def recorded(store: Store, db: SqliteDb, *events: RunEvent) -> RunId:
    lease = await claimed(store)
    with log_of(db, lease) as log:
        for event in events:
            log.append(event)
    return lease.run_id


async def problems(store: Store, run_id: RunId | None = None) -> list[str]:
    return [finding.sentence async for finding in store.verify(run_id)]


def change(db: SqliteDb, text: str, *params: object) -> None:
    with closing(sqlite3.connect(db.db_file)) as raw, raw:
        assert raw.execute(text, params).rowcount > 0


async def test_whole_runs_have_nothing_wrong_with_them(store: Store, db: SqliteDb):
    await recorded(store, db, flow_started(), step_started(), DONE, END)
    killed = await recorded(store, db, flow_started(), step_started())
    await store.end_run(killed, WorkflowCrashedEvent(node_path=FLOW))
    stopped = await recorded(store, db, flow_started(), step_started())
    await store.end_run(stopped, WorkflowCancelledEvent(node_path=FLOW))
    await recorded(store, db, flow_started(), step_started())  # it goes on
    pending = new_run(**big_input('"kept"'))
    await store.create_run(pending)
    unclaimed = new_run()
    await store.create_run(unclaimed)
    await store.request_cancel(unclaimed.run_id)

    assert await problems(store) == []


async def test_a_step_that_is_cancelled_while_it_waits_for_its_next_try_is_whole(
    store: Store, db: SqliteDb
):
    failure = Failure(type="OSError", message="gone")
    retrying = StepRetryingEvent(node_path=DONE.node_path, failure=failure, next_attempt=2)
    cancelled = StepCancelledEvent(node_path=DONE.node_path, attempt=2)
    end = WorkflowCancelledEvent(node_path=FLOW)

    await recorded(store, db, flow_started(), step_started(), retrying, cancelled, end)
    assert await problems(store) == []

    await recorded(store, db, flow_started(), cancelled, end)
    assert len(await problems(store)) == 1


async def test_a_gap_in_the_log_is_found(store: Store, db: SqliteDb):
    run_id = await recorded(store, db, flow_started(), step_started(), DONE, END)
    change(db, "DELETE FROM events WHERE seq = 2")

    found = await problems(store, run_id)

    assert found[0] == f"run {run_id}: seq 3: the log goes from seq 1 to 3"
    assert "StepCompleted of 'etl/step_1' ends what has not begun" in found[1]


@pytest.mark.parametrize(
    ("events", "problem"),
    [
        ((flow_started(), step_started(), END), "'etl' ends while 'etl/step_1', begun at seq 2"),
        ((flow_started(), DONE, END), "ends what has not begun, or has ended"),
        ((flow_started(), step_started(), DONE, DONE, END), "seq 4: StepCompleted of 'etl/step_1'"),
        ((flow_started(), step_started(), step_started(), DONE, END), "start at seq 2 has no end"),
        ((flow_started(), flow_started(), END), "WorkflowStarted of 'etl', whose start at seq 1"),
        ((step_started(), DONE), "episode 1 begins with StepStarted"),
        (
            (
                flow_started(),
                ParallelExecutionStartedEvent(node_path=STEP, count=1),
                step_started().model_copy(update={"node_path": NodePath(f"{STEP}/one")}),
                ParallelExecutionCompletedEvent(node_path=STEP, outcome="completed"),
            ),
            "'etl/fetch' ends while 'etl/fetch/one', begun at seq 3, is open",
        ),
    ],
)
async def test_starts_and_ends_that_do_not_match_are_found(
    store: Store, db: SqliteDb, events: tuple[RunEvent, ...], problem: str
):
    run_id = await recorded(store, db, *events)

    assert problem in "\n".join(await problems(store, run_id))


async def test_an_end_that_is_missing_or_doubled_is_found(store: Store, db: SqliteDb):
    missing = await recorded(store, db, flow_started(), END)
    doubled = await recorded(store, db, flow_started(), END)
    change(db, "DELETE FROM events WHERE run_id = ? AND seq = 2", missing)
    change(
        db,
        "INSERT INTO events (run_id, seq, at, episode, kind, node_path, body)"
        " SELECT run_id, 3, at, episode, kind, node_path, body FROM events"
        " WHERE run_id = ? AND seq = 2",
        doubled,
    )

    assert await problems(store, missing) == [
        f"run {missing}: its row says completed, and its log has no end"
    ]
    assert (await problems(store, doubled))[0] == (
        f"run {doubled}: seq 3: WorkflowCompleted stands after the end of episode 1"
    )


async def test_bodies_and_rows_that_cannot_be_read_are_found(store: Store, db: SqliteDb):
    run_id = await recorded(store, db, flow_started(), step_started(), DONE, END)
    change(db, 'UPDATE events SET body = \'{"attempt": "many"}\' WHERE seq = 2')
    change(db, "UPDATE runs SET input = 'oops' WHERE run_id = ?", run_id)

    found = await problems(store, run_id)

    assert "input cannot be read: Invalid JSON" in found[0]
    assert (
        "seq 2: this StepStarted cannot be read: StepStarted.attempt: Input should be" in found[1]
    )


async def test_blobs_that_are_missing_changed_or_nobodys_are_found(store: Store, db: SqliteDb):
    digests: list[str] = []
    for text in ('"gone"', '"changed"', '"nobodys"'):
        await store.create_run(new_run(**big_input(text)))
        digests.append(sha256(text.encode()).hexdigest())
    change(db, "DELETE FROM blobs WHERE digest = ?", digests[0])
    change(db, "UPDATE blobs SET raw = x'00' WHERE digest = ?", digests[1])
    change(db, "DELETE FROM blob_uses WHERE digest = ?", digests[2])

    found = await problems(store)

    assert f"blob {digests[0]} is missing" in found[0]
    assert f"blob {digests[1]} holds something else" in found[1]
    assert f"blob {digests[2]} of 9 bytes is named by no run" in found[2]


async def test_an_event_that_names_a_blob_the_run_does_not_keep_is_found(
    store: Store, db: SqliteDb
):
    done = DONE.model_copy(update={"content": StoredContent(blob="ab" * 32, size=9000)})
    run_id = await recorded(store, db, flow_started(), step_started(), done, END)

    assert await problems(store, run_id) == [
        f"run {run_id}: seq 3: it names blob {'ab' * 32}, which the run does not keep"
    ]


def when_half_read(monkeypatch: pytest.MonkeyPatch, acts: dict[RunId, Act]) -> None:
    monkeypatch.setattr(verifying, "_PAGE", 1)
    fetch_all = Link.fetch_all

    async def fetch(self: Link, query: str, params: Mapping[str, Any]) -> list[sqlite3.Row]:
        if params.get("seq") == 1 and (act := acts.pop(params["run_id"], None)):
            await act()
        return await fetch_all(self, query, params)

    monkeypatch.setattr(Link, "fetch_all", fetch)


async def test_runs_that_are_written_resumed_or_deleted_meanwhile_have_nothing_wrong_with_them(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    going = await claimed(store)
    failure = Failure(type="OSError", message="gone")
    failed = await recorded(
        store, db, flow_started(), WorkflowErrorEvent(node_path=FLOW, failure=failure)
    )
    halved, whole = [await recorded(store, db, flow_started(), END) for _ in range(2)]
    raw = b'"big"'
    digest = sha256(raw).hexdigest()
    with log_of(db, going) as log:
        log.append(flow_started())
        await log.commit()

        async def write() -> None:
            log.append(step_started())
            log.append_blob(digest, raw)
            log.append(DONE.model_copy(update={"content": StoredContent(blob=digest)}))
            await log.commit()

        async def resume() -> None:
            await store.reopen_run(failed)
            lease = await store.claim_run(failed, worker_of(failed))
            assert lease is not None
            with log_of(db, lease) as again:
                again.append(WorkflowResumedEvent(node_path=FLOW))

        async def delete() -> None:
            await store.delete_run(halved)
            await store.delete_run(whole)

        acts: dict[RunId, Act] = {going.run_id: write, failed: resume, halved: delete}
        when_half_read(monkeypatch, acts)

        assert await problems(store) == []
        assert not acts


async def test_what_belongs_to_no_run_is_found(store: Store, db: SqliteDb):
    root = await recorded(store, db, flow_started(), END)
    nested = new_run(root_run_id=root, parent_run_id=root, host_path=STEP)
    await store.create_run(nested)
    change(db, "DELETE FROM runs WHERE run_id = ?", root)

    assert await problems(store) == [
        f"run {nested.run_id}: it is nested in run {root}, which is gone",
        f"run {root}: it has events and no row; `tuiflow prune` deletes them",
    ]


async def test_a_run_that_is_not_there_is_said_so(store: Store):
    with pytest.raises(RunNotFoundError):
        await problems(store, RunId("nope"))
