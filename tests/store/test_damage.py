# pyright: reportPrivateUsage=false
"""Databases that were damaged, taken away or cut off from their disk, and logs left behind."""

import os
import sys
from pathlib import Path

import anyio
import pytest

from tests.full_disk import small_disk
from tests.store.making import claimed, flow_started, new_run
from tests.store.test_connection import PROJECT, refusal
from tuiflow.errors import DatabaseUnusableError
from tuiflow.store import EventLog, SqliteDb, Store, open_store


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


async def test_a_damaged_file_is_called_damaged(tmp_path: Path):
    path = tmp_path / "runs.db"
    async with open_store(SqliteDb(path)) as store:
        for _ in range(50):
            await store.create_run(new_run(additional_data={"pad": "x" * 4000}))
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    path.write_bytes(raw)

    async def look() -> None:
        async with open_store(SqliteDb(path)) as store:
            await store.list_runs()

    with pytest.raises(DatabaseUnusableError, match="damaged"):
        await look()


async def test_damage_in_the_middle_is_named_by_who_meets_it_and_by_the_check(tmp_path: Path):
    path = tmp_path / "runs.db"
    async with open_store(SqliteDb(path)) as store:
        for _ in range(400):
            await store.create_run(new_run(additional_data={"pad": "x" * 4000}))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096 * 50)

    async with open_store(SqliteDb(path)) as store:
        with pytest.raises(DatabaseUnusableError, match="damaged"):
            await store.list_runs(limit=1000)
        with pytest.raises(DatabaseUnusableError, match="damaged"):
            _ = [finding async for finding in store.verify()]


@pytest.mark.parametrize("is_new", [True, False])
async def test_a_log_that_belongs_to_no_database_harms_none(tmp_path: Path, is_new: bool):
    path = tmp_path / "runs.db"
    if not is_new:
        async with open_store(SqliteDb(path)) as store:
            await store.create_run(new_run())
    log_of(path).write_bytes(os.urandom(100_000))

    async with open_store(SqliteDb(path)) as store:
        assert len(await store.list_runs()) == (0 if is_new else 1)
        await store.create_run(new_run())
        assert [finding async for finding in store.verify()] == []


KILLED = """
import os, signal, sys, anyio
from tests.store.making import new_run
from tuiflow.store import SqliteDb, open_store

async def main():
    async with open_store(SqliteDb(sys.argv[1])) as store:
        await store.create_run(new_run())
        os.kill(os.getpid(), signal.SIGKILL)

anyio.run(main)
"""


async def test_what_a_killed_process_had_committed_is_in_the_log_it_leaves(tmp_path: Path):
    path = tmp_path / "runs.db"

    await anyio.run_process([sys.executable, "-c", KILLED, str(path)], cwd=PROJECT, check=False)

    assert log_of(path).stat().st_size > path.stat().st_size
    async with open_store(SqliteDb(path), create=False) as store:
        assert len(await store.list_runs()) == 1
        assert [finding async for finding in store.verify()] == []


async def test_a_database_replaced_by_another_is_noticed(store: Store, tmp_path: Path):
    async with open_store(SqliteDb(tmp_path / "other.db")):
        pass

    (tmp_path / "other.db").replace(store.path)

    with pytest.raises(DatabaseUnusableError, match="deleted or replaced"):
        await store.data_version()


async def test_a_database_deleted_under_us_is_noticed_by_readers_and_writers(
    store: Store, db: SqliteDb
):
    log = EventLog(db, await claimed(store))
    store.path.unlink()

    with pytest.raises(DatabaseUnusableError, match="deleted or replaced"):
        await store.data_version()
    with pytest.raises(DatabaseUnusableError, match="deleted or replaced"):
        await store.create_run(new_run())
    log.append(flow_started())
    with pytest.raises(DatabaseUnusableError, match="deleted or replaced"):
        await log.commit()
    with pytest.raises(DatabaseUnusableError, match="deleted or replaced"):
        log.close()


async def test_a_full_disk_undoes_the_transaction_and_is_named(store: Store):
    pages = await store._link._opened.writing.execute_fetchall("PRAGMA page_count")
    await store._link._opened.writing.execute(f"PRAGMA max_page_count = {next(iter(pages))[0] + 2}")
    run = new_run(blobs=(b"x" * 1_000_000,))

    with pytest.raises(DatabaseUnusableError, match="the disk is full"):
        await store.create_run(run)

    assert await store.list_runs() == []
    await store.create_run(new_run())


async def test_a_really_full_disk_is_named_and_takes_runs_again_when_it_has_room(tmp_path: Path):
    with small_disk(tmp_path / "disk") as disk:
        async with open_store(SqliteDb(disk.folder / "runs.db")) as store:
            disk.fill()
            with pytest.raises(DatabaseUnusableError, match="the disk is full"):
                await store.create_run(new_run(blobs=(b"x" * 1_000_000,)))
            assert await store.list_runs() == []

            disk.empty()
            await store.create_run(new_run())
            assert len(await store.list_runs()) == 1


async def test_a_new_database_on_a_full_disk_is_refused_in_one_sentence(tmp_path: Path):
    with small_disk(tmp_path / "disk") as disk:
        disk.fill()
        assert "full" in str(await refusal(disk.folder / "runs.db"))

        disk.empty()
        async with open_store(SqliteDb(disk.folder / "runs.db")) as store:
            await store.create_run(new_run())
