import re
import sqlite3
from pathlib import Path

import tuiflow.store
from tests.store.making import new_run
from tuiflow.model.events import CHATTER_KINDS
from tuiflow.store import EventQuery, SqliteDb, Store, event_query
from tuiflow.store.event_query import FAILURES
from tuiflow.store.queries import load_queries, sql

FOLDER = Path(tuiflow.store.__file__).parent


def test_every_query_that_is_used_exists_and_every_one_that_exists_is_used():
    code = "".join(path.read_text() for path in sorted(FOLDER.glob("*.py")))
    used = set(re.findall(r'"([a-z_]+)"', code))

    assert set(load_queries()) - used == set()
    named = re.findall(r'(?:\bsql|execute|fetch_one|_read_events)\(\s*"([a-z_]+)"', code)
    assert set(named) <= set(load_queries())


def test_no_name_stands_for_two_queries():
    names = [
        name
        for path in (FOLDER / "sql").glob("*.sql")
        for name in re.findall(r"^-- name: (\w+)$", path.read_text(), re.MULTILINE)
    ]

    assert len(names) == len(set(names)) == len(load_queries())


def test_the_chatter_that_the_indexes_leave_out_is_the_models():
    for text in (sql("tree_events_after"), sql("where_lifecycle"), migration()):
        (listed,) = re.findall(r"NOT IN \(([^)]*)\)", text)
        assert set(re.findall(r"'(\w+)'", listed)) == CHATTER_KINDS
    (failures,) = re.findall(r"kind IN \(([^)]*)\)", sql("where_failures"))
    assert set(re.findall(r"'(\w+)'", failures)) == FAILURES
    assert failures in migration()


async def test_what_is_asked_often_is_found_by_an_index(store: Store, db: SqliteDb):
    connection = sqlite3.connect(db.db_file)

    def plan(text: str) -> str:
        names = dict.fromkeys(re.findall(r":(\w+)", text), 1)
        return str(connection.execute(f"EXPLAIN QUERY PLAN {text}", names).fetchall())

    assert "events_by_run" in plan(sql("events_after"))
    assert "events_lifecycle" in plan(sql("tree_events_after"))
    assert "events_progress" in plan(sql("tree_events_after"))
    assert "runs_by_workflow" in plan(sql("read_runs", "of_one_workflow"))
    assert "COVERING INDEX runs_by_time" in plan(sql("count_runs"))
    assert "runs_by_status" in plan(sql("list_unclaimed"))
    run_id = new_run().run_id
    for query, index in (
        (EventQuery(run_id=run_id, newest_first=True), "events_by_run"),
        (EventQuery(run_id=run_id, kinds=frozenset({"StepStarted"})), "events_lifecycle"),
        (EventQuery(kinds=FAILURES), "events_failures"),
        (EventQuery(), "INTEGER PRIMARY KEY"),
    ):
        text, _ = event_query.list_events_sql(query)
        assert index in plan(text)
        assert "ORDER BY" not in plan(text)
    connection.close()


def migration() -> str:
    return (FOLDER / "sql" / "migrations" / "0001_tables.sql").read_text()
