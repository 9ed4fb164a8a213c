"""What is committed here stays, whatever this process does with the file and whoever comes by."""

from pathlib import Path

from tests.store.making import new_run
from tests.store.passing_by import count_runs
from tuiflow.store import SqliteDb, Store, open_store


async def test_a_database_that_is_opened_twice_keeps_what_comes_later(store: Store, db: SqliteDb):
    async with open_store(db, create=False):
        await store.create_run(new_run())

    for count in (1, 2):
        assert count_runs(store.path) == count
        await store.create_run(new_run())


async def test_a_step_that_reads_the_file_of_the_database_loses_nothing(store: Store):
    await store.create_run(new_run())
    store.path.read_bytes()

    for count in (1, 2):
        assert count_runs(store.path) == count
        await store.create_run(new_run())


async def test_the_last_one_takes_the_log_along(db: SqliteDb):
    async with open_store(db) as first, open_store(db):
        await first.create_run(new_run())

    assert [file.name for file in Path(db.db_file).parent.iterdir()] == [Path(db.db_file).name]
