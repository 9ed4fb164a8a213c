"""A database that is deleted while a front end holds it: told, read on, and begun anew."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.making import new_run
from tests.store.passing_by import count_runs
from tuiflow.errors import DatabaseUnusableError
from tuiflow.model.ids import RunId
from tuiflow.store import SqliteDb, open_store
from tuiflow.store.connection import open_for_writing


def delete(path: Path, *, with_its_log: bool = True) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        if with_its_log or file == path:
            file.unlink()


def empty(path: Path) -> None:
    path.touch()


@pytest.mark.parametrize("leftovers", [True, False])
async def test_what_is_started_next_begins_a_new_one_and_others_use_it_too(
    db: SqliteDb, leftovers: bool
):
    path, told = Path(db.db_file), list[str]()
    async with open_store(db, on_gone=told.append) as store:
        await store.create_run(new_run())
        before = await store.data_version()
        delete(path, with_its_log=not leftovers)

        versions = {await store.data_version() for _ in range(3)}

        assert versions == {before}
        assert len(await store.list_runs()) == 1
        (said,) = told
        assert "it was deleted or replaced" in said
        assert said.endswith("what you start next begins a new one")
        with pytest.raises(DatabaseUnusableError, match="deleted or replaced"):
            await store.delete_run((await store.list_runs())[0].run_id)

        await store.create_run(new_run(run_id=RunId("next")))
        assert await store.data_version() != before
        assert [run.run_id for run in await store.list_runs()] == ["next"]
        async with open_store(db, create=False) as other:
            await other.create_run(new_run(run_id=RunId("others")))
        assert len(await store.list_runs()) == 2
        assert [finding async for finding in store.verify()] == []
    assert len(told) == 1


async def test_one_that_somebody_puts_in_its_place_is_shown_at_the_next_look(
    db: SqliteDb, tmp_path: Path
):
    path, told = Path(db.db_file), list[str]()
    async with open_store(SqliteDb(tmp_path / "kept.db")) as other:
        await other.create_run(new_run(run_id=RunId("kept")))
    async with open_store(db, on_gone=told.append) as store:
        before = await store.data_version()
        delete(path)
        empty(path)
        with pytest.raises(DatabaseUnusableError, match="no database yet"):
            await store.data_version()

        (tmp_path / "kept.db").replace(path)

        assert await store.data_version() != before
        assert [run.run_id for run in await store.list_runs()] == ["kept"]
    assert told == []


@pytest.mark.parametrize("is_noticed", [True, False])
async def test_one_that_is_moved_away_takes_along_all_that_was_committed(
    db: SqliteDb, tmp_path: Path, is_noticed: bool
):
    moved, told = tmp_path / "moved.db", list[str]()
    async with open_store(db, on_gone=told.append) as store:
        await store.create_run(new_run())
        store.path.rename(moved)
        if is_noticed:
            await store.data_version()
            assert count_runs(moved) == 1

    assert count_runs(moved) == 1
    assert len(told) == is_noticed


def test_a_log_that_a_deleted_database_left_is_not_shared_with_the_next(db: SqliteDb):
    path = Path(db.db_file)
    with closing(sqlite3.connect(path)) as old:
        old.execute("PRAGMA journal_mode = WAL")
        old.execute("CREATE TABLE cats (name)")
        path.unlink()
        left = [Path(f"{path}{end}").stat().st_ino for end in ("-wal", "-shm")]

        with closing(open_for_writing(path, create=True)):
            made = [Path(f"{path}{end}").stat().st_ino for end in ("-wal", "-shm")]

    assert not set(left) & set(made)
