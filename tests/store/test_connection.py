# pyright: reportPrivateUsage=false
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import anyio
import pytest

from tests.store.making import new_run
from tuiflow.errors import (
    DatabaseUnusableError,
    NewerDatabaseError,
    NotOurDatabaseError,
    StoreError,
)
from tuiflow.store import SqliteDb, Store, connection, open_store


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names_in(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


PROJECT = Path(__file__).parents[2]


async def refusal(path: Path, *, create: bool = True) -> StoreError:
    with pytest.raises(StoreError) as caught:
        async with open_store(SqliteDb(path), create=create):
            pass
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


async def test_a_new_database_is_for_its_owner_only_and_in_wal_mode(tmp_path: Path):
    path = tmp_path / "deep" / "er" / "runs.db"

    async with open_store(SqliteDb(path)) as store:
        assert mode_of(path) == mode_of(Path(f"{path}-wal")) == 0o600
        await store.create_run(new_run())

    with closing(sqlite3.connect(path)) as raw, raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    raw.close()


async def test_an_empty_file_counts_as_new(tmp_path: Path):
    path = tmp_path / "runs.db"
    path.touch()

    assert "no database yet" in str(await refusal(path, create=False))
    async with open_store(SqliteDb(path)) as store:
        await store.create_run(new_run())


async def test_a_missing_file_is_not_made_by_who_only_looks(tmp_path: Path):
    path = tmp_path / "nowhere" / "runs.db"

    error = await refusal(path, create=False)

    assert isinstance(error, DatabaseUnusableError)
    assert "there is no database yet" in str(error)
    assert not path.parent.exists()


@pytest.mark.parametrize("size", [1, 90, 600, 100_000])
async def test_a_text_file_is_not_ours_and_stays_as_it_is(tmp_path: Path, size: int):
    path = tmp_path / "notes.txt"
    path.write_text("a" * size)

    error = await refusal(path)

    assert isinstance(error, NotOurDatabaseError)
    assert path.read_text() == "a" * size
    assert names_in(tmp_path) == ["notes.txt"]


async def test_another_programs_database_is_not_ours_and_stays_as_it_is(tmp_path: Path):
    path = tmp_path / "photos.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE photos (name)")
    other.close()
    before = path.read_bytes()

    error = await refusal(path)

    assert isinstance(error, NotOurDatabaseError)
    assert "another program" in str(error)
    assert path.read_bytes() == before


async def test_a_newer_schema_is_refused(store: Store, db: SqliteDb):
    raw = sqlite3.connect(db.db_file)
    raw.execute("PRAGMA user_version = 99")
    raw.close()

    error = await refusal(store.path)

    assert isinstance(error, NewerDatabaseError)
    assert "schema 99" in str(error)


async def test_a_folder_is_no_database(tmp_path: Path):
    assert "it is a folder" in str(await refusal(tmp_path))


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").touch()

    error = await refusal(tmp_path / "file" / "runs.db")

    assert isinstance(error, DatabaseUnusableError)


async def test_a_locked_database_is_refused_after_the_wait(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    other = sqlite3.connect(db.db_file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    await store._link._opened.writing.execute("PRAGMA busy_timeout = 50")

    with pytest.raises(DatabaseUnusableError, match="locked by another process"):
        await store.create_run(new_run())
    assert await store.list_runs() == []

    other.execute("ROLLBACK")
    other.close()
    await store.create_run(new_run())


OPENER = """
import os, sys, anyio
from tuiflow.errors import StoreError
from tuiflow.store import SqliteDb, open_store

async def main():
    if os.geteuid() == 0 and len(sys.argv) > 2:
        os.setuid(65534)
    try:
        async with open_store(SqliteDb(sys.argv[1])):
            print("opened")
    except StoreError as error:
        print(type(error).__name__, error)

anyio.run(main)
"""


@pytest.mark.parametrize("locked", ["file", "folder", "parent"])
async def test_what_may_not_be_written_is_called_read_only(db: SqliteDb, locked: str):
    # The superuser may write anything, so somebody else has to try, where he can reach it.
    with_place = Path("/tmp") / f"tuiflow-read-only-{os.getpid()}-{locked}"
    path = with_place / "runs.db"
    try:
        with_place.mkdir(mode=0o755)
        if locked != "parent":
            async with open_store(SqliteDb(path)):
                pass
            path.chmod(0o444)
        with_place.chmod(0o777 if locked == "file" else 0o555)
        said = await anyio.run_process(
            [sys.executable, "-c", OPENER, str(path), "as nobody"],
            cwd=PROJECT,
            check=False,
        )
        assert said.stdout.startswith(b"DatabaseUnusableError"), said
        assert b"read-only" in said.stdout or b"Permission denied" in said.stdout
    finally:
        with_place.chmod(0o755)
        shutil.rmtree(with_place)


def test_processes_that_make_the_database_at_once_all_succeed(tmp_path: Path):
    path = tmp_path / "runs.db"
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, path], cwd=PROJECT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]

    said = [opener.communicate(timeout=50)[0] for opener in openers]

    assert said == ["opened\n"] * 6


def test_threads_that_open_at_once_all_succeed(tmp_path: Path):
    for number in range(10):
        path = tmp_path / f"{number}.db"
        problems: list[BaseException] = []
        barrier = threading.Barrier(6)

        def make(
            path: Path = path,
            problems: list[BaseException] = problems,
            barrier: threading.Barrier = barrier,
        ) -> None:
            barrier.wait()
            try:
                connection.open_for_writing(path, create=True).close()
            except BaseException as error:
                problems.append(error)

        threads = [threading.Thread(target=make) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []


async def test_opening_again_writes_nothing(db: SqliteDb, store: Store):
    before = await store.data_version(), await store.size()

    for _ in range(5):
        async with open_store(db, create=False):
            pass

    assert (await store.data_version(), await store.size()) == before
