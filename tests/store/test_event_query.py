import sqlite3
from pathlib import Path

import pytest

from tests.store.making import FLOW, claimed, flow_started, log_of
from tuiflow.model.events import (
    CustomEvent,
    Event,
    StepErrorEvent,
    StepLogEvent,
    StepProgressEvent,
    StepStartedEvent,
)
from tuiflow.model.failure import Failure
from tuiflow.model.ids import NodePath
from tuiflow.model.run_event import RunEvent
from tuiflow.store import EventQuery, Lease, SqliteDb, Store


def said(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, StepLogEvent)]


def line(text: str, path: str = "etl/a", **given: object) -> StepLogEvent:
    return StepLogEvent.model_validate({"node_path": path, "text": text, **given})


async def written(store: Store, db: SqliteDb, *events: RunEvent) -> Lease:
    lease = await claimed(store)
    with log_of(db, lease) as log:
        for event in events:
            log.append(event)
    return lease


async def test_pages_of_a_run_meet_without_a_gap_in_both_directions(store: Store, db: SqliteDb):
    await written(store, db, line("foreign"))
    lease = await written(store, db, *(line(str(number)) for number in range(10)))
    await written(store, db, line("foreign"))
    numbers = [str(number) for number in range(10)]

    for newest_first in (False, True):
        for run_id in (lease.run_id, None):
            seen: list[Event] = []
            while True:
                bound = (
                    {}
                    if not seen
                    else {"before_id": seen[-1].id}
                    if newest_first
                    else {"after_id": seen[-1].id}
                )
                page = await store.list_events(
                    EventQuery(run_id=run_id, newest_first=newest_first, limit=3, **bound)
                )
                if not page:
                    break
                seen += page
            texts = [text for text in said(seen) if text != "foreign"]
            assert texts == (numbers[::-1] if newest_first else numbers)
            assert len(seen) == (10 if run_id else 12)


async def test_bounds_from_another_runs_events_still_hold(store: Store, db: SqliteDb):
    lease = await written(store, db, line("1"), line("2"))
    other = await written(store, db, line("3"))
    (bound,) = await store.list_events(EventQuery(run_id=other.run_id))

    assert said(await store.list_events(EventQuery(run_id=lease.run_id, before_id=bound.id))) == [
        "1",
        "2",
    ]
    assert await store.list_events(EventQuery(run_id=lease.run_id, after_id=bound.id)) == []


async def test_a_node_brings_what_is_below_it_and_not_its_namesakes(store: Store, db: SqliteDb):
    paths = ["etl/a", "etl/a/b", "etl/a[1]", "etl/a[1]/c", "etl/ab", "etl/a~2", "etl"]
    await written(store, db, *(line(path, path) for path in paths))

    found = await store.list_events(EventQuery(node_path=NodePath("etl/a")))

    assert said(found) == paths[:4]
    assert len(await store.list_events(EventQuery(node_path=FLOW))) == 7


async def test_kinds_and_levels_narrow_the_list(store: Store, db: SqliteDb):
    failure = Failure(type="E", message="m")
    lease = await written(
        store,
        db,
        flow_started(),
        line("usual"),
        line("bad", level="error"),
        line('about "level":"error"'),
        StepErrorEvent(node_path=NodePath("etl/a"), failure=failure),
    )

    async def kinds(query: EventQuery) -> list[str]:
        return [event.kind for event in await store.list_events(query)]

    only_errors = frozenset({"StepError", "WorkflowError"})
    for run_id in (None, lease.run_id):
        assert await kinds(EventQuery(run_id=run_id, kinds=only_errors)) == ["StepError"]
        assert await kinds(EventQuery(run_id=run_id, kinds=frozenset())) == []
        mixed = EventQuery(run_id=run_id, kinds=frozenset({"StepLog", "WorkflowStarted"}))
        assert len(await kinds(mixed)) == 4
    assert said(await store.list_events(EventQuery(levels=frozenset({"error"})))) == ["bad"]
    assert said(await store.list_events(EventQuery(levels=frozenset({"info"})))) == [
        "usual",
        'about "level":"error"',
    ]


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("100%", ["100% done"]),
        ("a_b", ["a_b"]),
        ('say "hi"', ['say "hi"']),
        ("line\nbreak", ["line\nbreak"]),
        ("back\\slash", ["back\\slash"]),
        ("GRÖ", []),
        ("größe", ["größe"]),
        ("DONE", ["100% done"]),
        ("nowhere", []),
    ],
)
async def test_text_is_found_as_it_was_written(
    store: Store, db: SqliteDb, text: str, finds: list[str]
):
    lines = ["100% done", "a_b", "axb", 'say "hi"', "line\nbreak", "back\\slash", "größe"]
    await written(store, db, *(line(each) for each in lines))

    assert said(await store.list_events(EventQuery(text=text))) == finds


async def test_a_tree_is_given_lifecycle_and_each_nodes_last_progress(store: Store, db: SqliteDb):
    def step(name: str) -> StepStartedEvent:
        return StepStartedEvent(node_path=NodePath(f"etl/{name}"))

    def progress(name: str, done: float) -> StepProgressEvent:
        return StepProgressEvent(node_path=NodePath(f"etl/{name}"), done=done)

    lease = await written(
        store,
        db,
        flow_started(),
        step("a"),
        step("b"),
        progress("a", 1),
        progress("b", 1),
        line("chatter"),
        progress("a", 2),
        CustomEvent(node_path=FLOW, name="x"),
        progress("b", 2),
        progress("a", 3),
        step("c"),
    )

    everything = await store.tree_events_after(lease.run_id, 0)
    rest = await store.tree_events_after(lease.run_id, 9)

    assert [event.seq for event in everything] == [1, 2, 3, 9, 10, 11]
    assert [event.seq for event in rest] == [10, 11]
    pages = [await store.tree_events_after(lease.run_id, seq, limit=2) for seq in (0, 2, 9)]
    assert [[event.seq for event in page] for page in pages] == [[1, 2], [3, 9], [10, 11]]
    assert await store.tree_events_after(lease.run_id, 11) == []


async def test_a_row_that_cannot_be_read_is_shown_as_such(store: Store, db: SqliteDb):
    lease = await written(store, db, line("1"), line("2"), line("3"), line("4"))
    raw = sqlite3.connect(Path(db.db_file))
    raw.execute("UPDATE events SET kind = 'FromTheFuture' WHERE seq = 1")
    raw.execute("UPDATE events SET body = '{\"text\": 7}' WHERE seq = 2")
    raw.execute("UPDATE events SET body = 'no json' WHERE seq = 3")
    raw.commit()
    raw.close()

    events = await store.events_after(lease.run_id, 0)

    assert [event.seq for event in events] == [1, 2, 3, 4]
    bad = [event for event in events if isinstance(event, CustomEvent)]
    assert [event.name for event in bad] == ["unreadable"] * 3
    assert [event.data["kind"] for event in bad] == ["FromTheFuture", "StepLog", "StepLog"]
    assert all(event.data["problem"] for event in bad)
    assert {event.node_path for event in events} == {"etl/a"}


async def test_many_events_are_read_off_the_loop_and_in_order(store: Store, db: SqliteDb):
    lease = await written(store, db, *(line(str(number)) for number in range(2000)))

    events = await store.events_after(lease.run_id, 0)

    assert said(events) == [str(number) for number in range(2000)]


async def test_steps_are_found_by_globs_in_any_part_of_their_path(store: Store, db: SqliteDb):
    paths = ("etl/load", "etl/each[2]/load", "etl/loader", "etl/each[2]/save")
    await written(store, db, *(line(path, path) for path in paths))

    async def found(**asked: object) -> list[str]:
        return said(await store.list_events(EventQuery.__call__(**asked)))  # type: ignore[arg-type]

    assert await found(steps=("load",)) == ["etl/load", "etl/each[2]/load"]
    assert await found(steps=("load*",)) == ["etl/load", "etl/each[2]/load", "etl/loader"]
    assert await found(steps=("each",)) == ["etl/each[2]/load", "etl/each[2]/save"]
    assert await found(steps=("each[2]",), not_steps=("save",)) == ["etl/each[2]/load"]
    assert await found(not_texts=("each", "%")) == ["etl/load", "etl/loader"]


async def test_events_are_bounded_by_their_times(store: Store, db: SqliteDb):
    await written(store, db, *(line(str(number)) for number in range(300)))
    times = [event.at for event in await store.list_events(EventQuery(limit=1000))]
    middle = times[150]

    since = await store.list_events(EventQuery(since=middle, limit=1000))
    until = await store.list_events(EventQuery(until=middle, limit=1000))

    assert [event.at for event in since] == [at for at in times if at >= middle]
    assert [event.at for event in until] == [at for at in times if at < middle]
    assert await store.event_id_at(middle) == 0
    assert await store.event_id_at(times[-1] + 120_000_000) >= 200
