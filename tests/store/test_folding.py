import sqlite3
from contextlib import closing

import pytest

from tests.store.making import FLOW, claimed, flow_started, log_of, step_started
from tests.store.test_verifying import change, problems
from tuiflow.model.events import StepCompletedEvent, WorkflowCompletedEvent
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.run_state import RunState
from tuiflow.model.snapshot import write_snapshot
from tuiflow.model.status import Status
from tuiflow.store import Lease, SqliteDb, Store, folding, paging

END = WorkflowCompletedEvent(node_path=FLOW)


@pytest.fixture(autouse=True)
def soon_worth_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(folding, "WORTH", 4)


async def begun(store: Store, db: SqliteDb, steps: int = 3) -> Lease:
    lease = await claimed(store)
    with log_of(db, lease) as log:
        log.append(flow_started())
        for number in range(steps):
            log.append(step_started(number))
            log.append(StepCompletedEvent(node_path=NodePath(f"etl/step_{number}")))
    return lease


async def done(store: Store, db: SqliteDb) -> RunId:
    lease = await begun(store, db)
    with log_of(db, Lease(lease.run_id, lease.token, lease.episode, last_seq=7)) as log:
        log.append(END)
    return lease.run_id


def kept_seqs(db: SqliteDb) -> list[int]:
    with closing(sqlite3.connect(db.db_file)) as raw:
        return [row[0] for row in raw.execute("SELECT seq FROM snapshots")]


async def told(store: Store, run_id: RunId) -> RunState:
    return RunState().after([event async for page in store.tree_pages(run_id) for event in page])


async def test_a_long_run_that_was_folded_once_is_not_folded_again(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    run_id = await done(store, db)
    first = await store.fold(run_id).catch_up()
    events_read: list[int] = []
    read_page = paging.read_page

    async def counted(*args: object) -> object:
        page = await read_page(*args)  # type: ignore[arg-type]
        events_read.append(len(page))
        return page

    monkeypatch.setattr(paging, "read_page", counted)
    again = await store.fold(run_id).catch_up()

    assert kept_seqs(db) == [8]
    assert events_read == [0]
    assert (again.nodes, again.run, again.seq) == (first.nodes, first.run, 8)


async def test_a_short_run_is_folded_each_time(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(folding, "WORTH", 9)
    run_id = await done(store, db)

    await store.fold(run_id).catch_up()
    await store.fold_if_long(run_id)

    assert kept_seqs(db) == []


async def test_a_worker_that_is_done_keeps_the_state_of_a_long_run(store: Store, db: SqliteDb):
    run_id = await done(store, db)

    await store.fold_if_long(run_id)

    assert kept_seqs(db) == [8]


async def test_following_a_run_folds_only_what_is_new(store: Store, db: SqliteDb):
    lease = await begun(store, db)
    fold = store.fold(lease.run_id)
    before = await fold.catch_up()
    with log_of(db, Lease(lease.run_id, lease.token, lease.episode, last_seq=7)) as log:
        log.append(step_started(9))

    after = await fold.catch_up()

    assert after.changed == {NodePath("etl"), NodePath("etl/step_9")}
    assert after.nodes[NodePath("etl/step_1")] is before.nodes[NodePath("etl/step_1")]


async def test_a_state_is_kept_again_of_a_run_that_goes_on_only_once_it_has_doubled(
    store: Store, db: SqliteDb
):
    lease = await begun(store, db)
    fold = store.fold(lease.run_id)
    await fold.catch_up()
    for last_seq, number in ((7, 10), (9, 11), (11, 12), (13, 13)):
        with log_of(db, Lease(lease.run_id, lease.token, lease.episode, last_seq)) as log:
            log.append(step_started(number))
            log.append(StepCompletedEvent(node_path=NodePath(f"etl/step_{number}")))

        await fold.catch_up()

        assert kept_seqs(db) == [7 if last_seq < 13 else 15]


async def test_a_long_run_is_read_a_slice_at_a_time(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(paging, "PAGE", 3)
    fold = store.fold(await done(store, db))

    seqs: list[int] = []
    while fold.is_behind:
        seqs.append((await fold.catch_up(within=0)).seq)

    assert seqs == [3, 6, 8]
    assert kept_seqs(db) == [8]


async def test_what_was_resumed_is_folded_from_the_kept_state_on(store: Store, db: SqliteDb):
    lease = await begun(store, db)
    await store.fold(lease.run_id).catch_up()
    with log_of(db, Lease(lease.run_id, lease.token, lease.episode, last_seq=7)) as log:
        log.append(END)

    state = await store.fold(lease.run_id).catch_up()

    assert state.status is Status.COMPLETED
    assert state.nodes == (await told(store, lease.run_id)).nodes


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE snapshots SET rules = 'older'",
        "UPDATE snapshots SET state = x'00'",
        "UPDATE snapshots SET seq = 7",
        "UPDATE snapshots SET seq = 99",
    ],
)
async def test_a_kept_state_that_is_not_to_be_believed_is_made_again(
    store: Store, db: SqliteDb, damage: str
):
    run_id = await done(store, db)
    await store.fold(run_id).catch_up()
    change(db, damage)

    state = await store.fold(run_id).catch_up()

    assert state.nodes == (await told(store, run_id)).nodes


async def test_a_run_that_is_deleted_takes_its_kept_state_along(store: Store, db: SqliteDb):
    run_id = await done(store, db)
    await store.fold(run_id).catch_up()

    await store.delete_run(run_id)

    assert kept_seqs(db) == []


async def test_nothing_is_kept_of_a_run_that_was_deleted_meanwhile(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    run_id = await done(store, db)

    def write_late(state: RunState) -> bytes | None:
        change(db, "DELETE FROM runs WHERE run_id = ?", run_id)
        return write_snapshot(state)

    monkeypatch.setattr(folding, "write_snapshot", write_late)
    await store.fold(run_id).catch_up()

    assert kept_seqs(db) == []


async def test_a_kept_state_that_differs_from_the_log_is_found(store: Store, db: SqliteDb):
    run_id = await done(store, db)
    await store.fold(run_id).catch_up()
    assert await problems(store, run_id) == []

    change(db, """UPDATE events SET body = '{"success":false}' WHERE seq = 5""")

    (found,) = await problems(store, run_id)
    assert "the state kept of it differs from its log in node 'etl/step_1'" in found


async def test_a_state_that_cannot_be_kept_is_read_all_the_same(store: Store, db: SqliteDb):
    run_id = await done(store, db)
    with closing(sqlite3.connect(db.db_file)) as raw:
        refuse = "BEGIN SELECT RAISE(ABORT, 'no room'); END"
        raw.execute(f"CREATE TRIGGER full BEFORE INSERT ON snapshots {refuse}")

    state = await store.fold(run_id).catch_up()

    assert state.status is Status.COMPLETED
    assert kept_seqs(db) == []
