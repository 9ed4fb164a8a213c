"""The database is taken from an open screen: runs in it are over, a start says why it cannot be."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which

import psutil
import pytest

from tests.service.conftest import QUICK, SPIN, finish, wait_for, write
from tests.waiting import until
from tuiflow.errors import DatabaseUnusableError, TuiflowError
from tuiflow.model.status import Status
from tuiflow.service import Service, open_service


async def test_a_run_in_it_is_shown_as_over_and_the_next_one_is_kept_in_a_new_one(project: Path):
    write(project, "spin", SPIN)
    async with open_service(target=project / "workflows") as service:
        lost = await service.start("spin")
        await wait_for(service, lost, "spin/spin", Status.RUNNING)
        (worker,) = await service.workers()

        service.database.unlink()
        await until(lambda: not psutil.pid_exists(worker.pid))
        await service.changed()
        assert service.trouble is not None

        async def is_over() -> bool:
            return (await service.get_run(lost)).status is Status.CRASHED

        await until(is_over)
        assert "it was deleted or replaced" in (await service.get_run(lost)).reason

        begun = await service.start("spin")
        await wait_for(service, begun, "spin/spin", Status.RUNNING)
        assert [run.run_id for run in await service.list_runs()] == [begun]
        await service.kill(begun)
        assert (await service.get_run(begun)).status is Status.CANCELLED


async def test_a_start_on_one_that_has_become_read_only_is_refused_and_goes_once_it_is_not(
    project: Path,
):
    write(project, "quick", QUICK)
    async with open_service(target=project / "workflows") as service:
        await service.refresh()
        with read_only(service.database):
            with pytest.raises(TuiflowError, match="the file or its folder is read-only"):
                await service.start("quick")
            for run in await service.list_runs():
                assert run.status.is_final

        begun = await service.start("quick")

        assert (await finish(service, begun)).status is Status.COMPLETED
        assert [finding async for finding in service.verify()] == []


async def test_a_header_damaged_under_it_is_one_sentence_and_once_it_is_mended_nothing_is_lost(
    project: Path,
):
    write(project, "quick", QUICK)
    write(project, "spin", SPIN)
    async with open_service(target=project / "workflows") as service:
        done = await service.start("quick")
        await finish(service, done)
        lost = await service.start("spin")
        await wait_for(service, lost, "spin/spin", Status.RUNNING)
        (worker,) = await service.workers()

        with damaged_header(service.database):
            await until(lambda: is_called_damaged(service))
            with pytest.raises(TuiflowError, match="the file is damaged"):
                await service.start("quick")

        async def is_over() -> bool:
            return (await service.get_run(lost)).status.is_final

        async def is_killed() -> bool:
            with suppress(DatabaseUnusableError):
                await service.kill(lost)
                return True
            return False

        # A worker that reads nothing of the first page meanwhile goes on; another one has ended.
        await until(is_killed)
        await until(is_over)
        await until(lambda: not psutil.pid_exists(worker.pid))
        ended = await service.get_run(lost)
        assert ended.status is Status.CANCELLED or "the file is damaged" in ended.reason
        begun = await service.start("quick")
        assert (await finish(service, begun)).status is Status.COMPLETED
        listed = {run.run_id: run.status for run in await service.list_runs()}
        assert listed[done] is Status.COMPLETED
        assert [finding async for finding in service.verify()] == []


async def is_called_damaged(service: Service) -> bool:
    try:
        await service.changed()
    except DatabaseUnusableError as error:
        return "the file is damaged" in str(error)
    return False


DAMAGER = """
import sqlite3, sys
path = sys.argv[1]
connection = sqlite3.connect(path)
while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
    pass
with open(path, "r+b") as file:
    head = file.read(100)
    file.seek(0)
    file.write(bytes(100))
    file.flush()
    print(flush=True)
    sys.stdin.read()
    file.seek(0)
    file.write(head)
"""


@contextmanager
def damaged_header(path: Path) -> Generator[None]:
    """Write over the first bytes of a database whose log is merged, and put them back."""
    # A process of its own: closing the file here would let go of the locks that are held on it.
    with subprocess.Popen(
        [sys.executable, "-c", DAMAGER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as damager:
        assert damager.stdin is not None
        assert damager.stdout is not None
        assert damager.stdout.readline()
        yield


@contextmanager
def read_only(path: Path) -> Generator[None]:
    """Make a file one that may not be written, for root too."""
    is_root = os.geteuid() == 0
    on, off = (
        (["chattr", "+i"], ["chattr", "-i"]) if is_root else (["chmod", "400"], ["chmod", "600"])
    )
    if not which(on[0]) or subprocess.run([*on, path], capture_output=True, check=False).returncode:
        pytest.skip("this file system has no file that root may not write")
    try:
        yield
    finally:
        subprocess.run([*off, str(path)], check=True)
