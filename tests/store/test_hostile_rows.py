"""Whatever stands in the database, its readers show it: nothing of it makes one of them raise."""

import json
import sqlite3
from contextlib import closing, suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.making import FLOW, claimed, flow_started, log_of, new_run
from tuiflow.cli.event_lines import EventLines
from tuiflow.model.content import NotRestorableError, StoredContent, decode_content
from tuiflow.model.events import (
    EVENT,
    LIFECYCLE_KINDS,
    CustomEvent,
    StepLogEvent,
    WorkflowCompletedEvent,
)
from tuiflow.model.outline import FileReport
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.service.contents import render_value
from tuiflow.store import CancelAnswer, EventQuery, EventReader, Retention, SqliteDb, Store
from tuiflow.store.rows import UNREADABLE, read_events

KINDS = sorted(LIFECYCLE_KINDS | {"StepProgress", "StepLog", "StepContent", "CustomEvent"})
TAGS = ["json", "str", "dict", "datetime", "Path", "image", "os:system", "float", "set", "tuple"]
FIELDS = [
    *("content", "input", "failure", "media", "attempt", "outcome", "count", "selected", "text"),
    *("total", "done", "message", "level", "iteration", "outline", "reason", "metrics", "state"),
    *("nested_run_id", "branch", "result", "delay", "next_attempt", "reused", "source_run_id"),
]
PATHS = ["etl", "etl/fetch", "", "/", "etl//", "etl[", "etl/]", "etl[999]", "%", "é/\x1b[2J"]
leaves = (
    st.none()
    | st.booleans()
    | st.sampled_from([10**400, -(10**400), 2**63, 1e308, 1, 0, -1])
    | st.text(max_size=8)
    | st.sampled_from([*TAGS, *PATHS, "\x1b]0;x\x07"])
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4) | st.sampled_from(FIELDS), inner, max_size=3)
        | st.builds(lambda tag, value: {"$type": tag, "value": value}, st.sampled_from(TAGS), inner)
    ),
    max_leaves=8,
)
contents = st.builds(lambda value, preview: {"value": value, "preview": preview}, values, st.text())
failures = st.builds(lambda kind, told: {"type": kind, "message": told}, st.text(), st.text())
# Half of it has the right shape, so that it gets past the first check and into the readers.
bodies = st.dictionaries(st.sampled_from(FIELDS), values, max_size=4) | st.fixed_dictionaries(
    {"content": contents, "input": contents, "failure": failures, "outcome": st.just("error")},
    optional={"count": st.integers(), "attempt": st.integers(), "iteration": st.integers()},
)
texts = (
    bodies.map(json.dumps)
    | st.text()
    | st.sampled_from(["[" * 100_000, '{"content":' * 5000, "9" * 5000, "NaN", "null", "[]", '"x"'])
)


def row_of(kind: str, body: str, path: str = FLOW, at: int = 1) -> Any:
    columns = {"id": 1, "run_id": "r", "seq": 1, "at": at, "episode": 1, "session_id": None}
    return columns | {"kind": kind, "node_path": path, "body": body}


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(KINDS) | st.text(max_size=5),
            texts,
            st.sampled_from(PATHS),
            st.sampled_from([0, 1, -1, 2**63 - 1, -(2**63)]),
        ),
        max_size=6,
    )
)
def test_no_row_of_the_log_stops_a_reader(rows: list[tuple[str, str, str, int]]):
    events = read_events([row_of(*row) for row in rows])

    assert len(events) == len(rows)
    state = RunState().after(events)
    assert all(node.path == path for path, node in state.nodes.items())
    lines = EventLines()
    for event in events:
        assert "\x1b[2J" not in "".join(lines.lines_of(event))
        EVENT.dump_json(event)
        for name in ("content", "input"):
            stored = getattr(event, name, None)
            if isinstance(stored, StoredContent):
                render_value(stored.value)


@settings(max_examples=150, deadline=None)
@given(value=values)
def test_no_stored_value_is_more_than_refused(value: Any):
    with suppress(NotRestorableError):
        decode_content(StoredContent(value=value))


@pytest.mark.parametrize("depth", [10, 400, 990, 20_000])
def test_values_nested_deeply_are_shown_or_said_to_be(depth: int):
    text = '{"text":"x","data":' + "[" * depth + "]" * depth + "}"

    (event,) = read_events([row_of("CustomEvent", text)])

    assert isinstance(event, CustomEvent)
    list(EventLines().lines_of(event))
    if event.name != UNREADABLE:
        render_value(event.data)


@pytest.mark.parametrize(
    "column", ["input", "content", "failure", "outline", "metadata", "media", "hidden_kinds"]
)
@pytest.mark.parametrize("text", ["oops", "[" * 50_000, '{"type": 7}', "9" * 5000])
async def test_a_run_whose_row_is_damaged_is_still_listed(
    store: Store, db: SqliteDb, column: str, text: str
):
    lease = await claimed(store)
    with log_of(db, lease) as log:
        log.append(flow_started())
        log.append(WorkflowCompletedEvent(node_path=FLOW))
    with closing(sqlite3.connect(db.db_file)) as raw, raw:
        raw.execute(f"UPDATE runs SET {column} = ?", (text,))

    (listed,) = await store.list_runs()

    assert (await store.get_run(lease.run_id)).status is listed.status is Status.COMPLETED
    problems = [finding.problem async for finding in store.verify()]
    assert [f"{column} cannot be read" in problem for problem in problems] == [True]
    assert len(await store.list_events(EventQuery(levels=frozenset({"info"})))) == 0
    assert len(await store.list_events(EventQuery())) == 2
    if column in ("input", "content"):
        assert "cannot be read" in getattr(listed, column).preview
    await store.delete_run(lease.run_id)


async def test_a_status_and_a_report_that_are_none_harm_nobody(store: Store, db: SqliteDb):
    run = new_run()
    await store.create_run(run)
    await store.save_report(FileReport(file="/p/etl.py", revision="r1"))
    with closing(sqlite3.connect(db.db_file)) as raw, raw:
        raw.execute("UPDATE runs SET status = 'dancing'")
        raw.execute("UPDATE revisions SET report = 'oops'")

    (listed,) = await store.list_runs()

    assert listed.status is Status.CRASHED
    assert await store.count_runs() == {}
    assert await store.latest_reports() == []
    assert await store.request_cancel(run.run_id) is CancelAnswer.ALREADY_OVER
    await store.reopen_run(run.run_id)
    assert (await store.get_run(run.run_id)).status is Status.PENDING


async def test_a_run_with_a_status_that_is_none_can_be_deleted(store: Store, db: SqliteDb):
    await store.create_run(new_run())
    with closing(sqlite3.connect(db.db_file)) as raw, raw:
        raw.execute("UPDATE runs SET status = 'dancing'")

    old = await store.list_old_runs(Retention(days=0, runs=0))

    assert len(await store.prune(old)) == 1
    assert await store.list_runs() == []


async def test_a_byte_that_is_no_text_hides_its_own_row_and_no_other(store: Store, db: SqliteDb):
    lease = await claimed(store)
    with log_of(db, lease) as log:
        log.append(flow_started())
        log.append(StepLogEvent(node_path=FLOW, text="one"))
        log.append(StepLogEvent(node_path=FLOW, text="two"))
    with closing(sqlite3.connect(db.db_file)) as raw, raw:
        raw.execute(
            "UPDATE events SET body = CAST(x'7b2274657874223a22ff227d' AS TEXT) WHERE seq = 2"
        )
        raw.execute("UPDATE runs SET workflow_name = CAST(x'6574ff' AS TEXT)")

    (listed,) = await store.list_runs()
    started, damaged, said = await store.events_after(lease.run_id, 0)

    assert listed.workflow_name == r"et\xff"
    assert started.kind == "WorkflowStarted"
    assert isinstance(damaged, CustomEvent)
    assert damaged.name == UNREADABLE
    assert isinstance(said, StepLogEvent)
    assert said.text == "two"
    found = [finding.sentence async for finding in store.verify(lease.run_id)]
    assert ["seq 2: this StepLog cannot be read" in sentence for sentence in found] == [True]
    reader = EventReader(db, lease.run_id)
    assert len(reader.read(0)) == 3
    reader.close()
