from contextlib import closing
from hashlib import sha256

import anyio
import pytest

from tests.store.making import FLOW, claimed, flow_started, log_of, new_run, step_started, worker_of
from tests.waiting import PATIENCE
from tuiflow.errors import NestedRunError, RunAmbiguousError, RunExistsError, RunNotFoundError
from tuiflow.model.content import StoredContent
from tuiflow.model.events import WorkflowCompletedEvent, WorkflowCrashedEvent
from tuiflow.model.failure import Failure
from tuiflow.model.ids import NodePath, Revision, RunId, SessionId
from tuiflow.model.outline import FileReport, NodeKind, Outline
from tuiflow.model.status import Status
from tuiflow.store import SqliteDb, Store, open_store

OUTLINE = Outline(kind=NodeKind.WORKFLOW, name="etl", segment="etl")


async def test_a_created_run_reads_back_as_it_was_given(store: Store):
    raw = b'"a long input"'
    digest = sha256(raw).hexdigest()
    run = new_run(
        input=StoredContent(blob=digest, size=len(raw), preview="a long"),
        additional_data={"tries": 2, "name": "ü"},
        revision=Revision("r1"),
        file="/project/etl.py",
        session_id=SessionId("s"),
        user_id="me",
        outline=OUTLINE,
        blobs=(raw,),
    )

    await store.create_run(run)

    record = await store.get_run(run.run_id)
    for name in vars(run).keys() - {"blobs", "outline"}:
        assert getattr(record, name) == getattr(run, name), name
    assert await store.get_outline(run.run_id) == OUTLINE
    assert record.status is Status.PENDING
    assert (record.episode, record.last_seq, record.worker) == (0, 0, None)
    assert await store.get_blob(digest) == raw
    assert await store.get_blob("0" * 64) is None


async def test_making_the_same_run_twice_is_refused_in_our_own_words(store: Store):
    run = new_run()
    await store.create_run(run)

    with pytest.raises(RunExistsError, match=f"run '{run.run_id}' exists already"):
        await store.create_run(run)

    assert (await store.get_run(run.run_id)).status is Status.PENDING


async def test_an_unknown_run_is_not_found(store: Store):
    for ask in (store.get_run, store.find_run):
        with pytest.raises(RunNotFoundError, match="nope"):
            await ask(RunId("nope"))
    with pytest.raises(RunNotFoundError):
        await store.claim_run(RunId("nope"), worker_of(RunId("nope")))
    with pytest.raises(RunNotFoundError):
        await store.list_runs(before=RunId("nope"))


async def test_a_claim_gives_a_lease_and_records_the_worker(store: Store):
    run = new_run()
    await store.create_run(run)

    lease = await store.claim_run(run.run_id, worker_of(run.run_id))

    assert lease is not None
    assert (lease.run_id, lease.episode, lease.last_seq) == (run.run_id, 1, 0)
    record = await store.get_run(run.run_id)
    assert record.status is Status.RUNNING
    assert record.worker is not None
    assert record.worker.python == "/usr/bin/python3"
    assert [worker.run_id for worker in await store.list_workers()] == [run.run_id]


async def test_a_claimed_run_cannot_be_claimed_again(store: Store):
    lease = await claimed(store)

    assert await store.claim_run(lease.run_id, worker_of(lease.run_id)) is None


async def test_a_run_is_found_by_its_tail_its_whole_id_and_last(store: Store):
    first, second = new_run(run_id=RunId("0000-aaaa")), new_run(run_id=RunId("0000-bbbb"))
    for run in (first, second):
        await store.create_run(run)
    nested = new_run(
        run_id=RunId("0000-cccc"), parent_run_id=first.run_id, root_run_id=first.run_id
    )
    await store.create_run(nested)

    assert await store.find_run("aaaa") == first.run_id
    assert await store.find_run("AAAA") == first.run_id
    assert await store.find_run("0000-bbbb") == second.run_id
    assert await store.find_run("cccc") == nested.run_id
    assert await store.find_run("last") == second.run_id


async def test_a_tail_must_be_long_enough_and_fit_one_run_only(store: Store):
    for run_id in ("1-same-tail", "2-same-tail", "tail", "x"):
        await store.create_run(new_run(run_id=RunId(run_id)))

    with pytest.raises(RunAmbiguousError, match="give more of the id"):
        await store.find_run("-tail")
    with pytest.raises(RunNotFoundError):
        await store.find_run("ail")
    assert await store.find_run("tail") == "tail"
    assert await store.find_run("x") == "x"
    with pytest.raises(RunNotFoundError):
        await store.find_run("%ail")


async def test_there_is_no_last_run_in_an_empty_database(store: Store):
    with pytest.raises(RunNotFoundError):
        await store.find_run("last")


async def test_root_runs_are_listed_newest_first_page_by_page(store: Store):
    runs = [new_run(outline=OUTLINE) for _ in range(5)]
    for run in runs:
        await store.create_run(run)
        await store.create_run(
            new_run(parent_run_id=run.run_id, root_run_id=run.run_id, host_path=FLOW)
        )
    other = new_run(workflow_name="other")
    await store.create_run(other)

    first = await store.list_runs(workflow_name="etl", limit=3)
    rest = await store.list_runs(workflow_name="etl", limit=3, before=first[-1].run_id)

    newest_first = [run.run_id for run in reversed(runs)]
    assert [record.run_id for record in first + rest] == newest_first
    assert [record.run_id for record in await store.list_runs()] == [other.run_id, *newest_first]


async def test_root_runs_are_counted_by_status(store: Store):
    lease = await claimed(store)
    await store.create_run(new_run())
    nested = new_run(parent_run_id=lease.run_id, root_run_id=lease.run_id)
    await store.create_nested_run(nested, lease)

    assert await store.count_runs() == {Status.PENDING: 1, Status.RUNNING: 1}


async def test_a_nested_run_needs_a_parent_and_cannot_be_claimed(store: Store):
    root = await claimed(store)
    nested = new_run(parent_run_id=root.run_id, root_run_id=root.run_id, host_path=FLOW)
    await store.create_nested_run(nested, root)

    with pytest.raises(NestedRunError, match=root.run_id):
        await store.claim_run(nested.run_id, worker_of(nested.run_id))
    with pytest.raises(ValueError, match="parent"):
        await store.create_nested_run(new_run(), root)


async def test_workers_of_ended_runs_are_not_listed(store: Store):
    lease = await claimed(store)

    await store.end_run(lease.run_id, WorkflowCrashedEvent(node_path=FLOW))

    assert await store.list_workers() == []
    assert (await store.get_run(lease.run_id)).worker is not None


async def test_the_data_version_tells_own_and_foreign_writes(store: Store, db: SqliteDb):
    seen = [await store.data_version()]
    assert await store.data_version() == seen[0]

    await store.create_run(new_run())
    seen.append(await store.data_version())
    async with open_store(db) as other:
        await other.create_run(new_run())
    seen.append(await store.data_version())
    lease = await claimed(store)
    await store.data_version()
    with log_of(db, lease, beat=False) as log:
        log.append(flow_started())
        await log.commit()
        seen.append(await store.data_version())

    assert len(set(seen)) == 4
    assert await store.data_version() == seen[-1]


async def test_the_size_counts_what_is_not_merged_yet(store: Store):
    before = await store.size()

    await store.create_run(new_run(blobs=(b"x" * 100_000,)))

    assert await store.size() > before + 100_000


async def test_a_cancelled_caller_leaves_no_transaction_open(store: Store, db: SqliteDb):
    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(store.create_run, new_run())
        await anyio.lowlevel.checkpoint()
        group.cancel_scope.cancel()

    async with open_store(db) as other:
        with anyio.fail_after(PATIENCE):
            await other.create_run(new_run())
    await store.create_run(new_run())


def report(revision: str, *, good: bool = True, file: str = "/p/etl.py") -> FileReport:
    failure = None if good else Failure(type="SyntaxError", message="bad")
    return FileReport(file=file, revision=Revision(revision), failure=failure, seconds=0.1)


async def test_the_newest_good_report_of_each_file_is_kept(store: Store):
    for each in (
        report("1"),
        report("2"),
        report("3", good=False),
        report("4", file="/p/other.py"),
    ):
        await store.save_report(each)

    assert await store.latest_reports() == [report("2"), report("4", file="/p/other.py")]
    assert await store.get_report(Revision("1")) == report("1")
    assert await store.get_report(Revision("3")) == report("3", good=False)
    assert await store.get_report(Revision("9")) is None


async def test_a_revision_that_comes_back_is_the_newest_again(store: Store):
    for revision in ("1", "2", "1"):
        await store.save_report(report(revision))

    assert await store.latest_reports() == [report("1")]


async def test_a_revision_imported_badly_once_keeps_its_good_report(store: Store):
    await store.save_report(report("1"))
    await store.save_report(report("1", good=False))

    assert await store.get_report(Revision("1")) == report("1")
    assert await store.latest_reports() == [report("1")]


async def test_sessions_show_their_runs_as_json(store: Store, db: SqliteDb):
    import json
    import sqlite3

    lease = await claimed(store, session_id=SessionId("s1"))
    await store.create_run(new_run(session_id=SessionId("s1")))
    await store.create_run(new_run(session_id=SessionId("s2")))
    with log_of(db, lease) as log:
        log.append(flow_started())
        log.append(step_started())
        log.append(WorkflowCompletedEvent(node_path=FLOW, content=StoredContent(value=[1])))

    with closing(sqlite3.connect(db.db_file)) as connection, connection:
        rows = connection.execute("SELECT session_id, runs FROM workflow_sessions").fetchall()

    sessions = {name: json.loads(runs) for name, runs in rows}
    assert [run["status"] for run in sessions["s1"]] == ["completed", "pending"]
    assert sessions["s1"][0]["content"]["value"] == [1]
    assert len(sessions["s2"]) == 1
    events = await store.events_after(lease.run_id, 0)
    assert {event.session_id for event in events} == {"s1"}


async def test_a_nested_run_follows_its_own_events(store: Store, db: SqliteDb):
    lease = await claimed(store)
    nested, open_one = (
        new_run(parent_run_id=lease.run_id, root_run_id=lease.run_id, host_path=NodePath("etl/n"))
        for _ in range(2)
    )
    for run in (nested, open_one):
        await store.create_nested_run(run, lease)

    with log_of(db, lease) as log:
        log.append(flow_started())
        for run in (nested, open_one):
            log.append(flow_started().model_copy(update={"nested_run_id": run.run_id}))
        content = StoredContent(value="inner")
        log.append(
            WorkflowCompletedEvent(
                node_path=NodePath("etl/n"), nested_run_id=nested.run_id, content=content
            )
        )
        await log.commit()
        assert (await store.get_run(nested.run_id)).status is Status.COMPLETED
        assert (await store.get_run(open_one.run_id)).status is Status.RUNNING
        assert (await store.get_run(lease.run_id)).status is Status.RUNNING

    await store.end_run(lease.run_id, WorkflowCrashedEvent(node_path=FLOW, reason="gone"))

    record = await store.get_run(nested.run_id)
    assert (record.status, record.content, record.last_seq) == (Status.COMPLETED, content, 0)
    record = await store.get_run(open_one.run_id)
    assert (record.status, record.reason) == (Status.CRASHED, "gone")
