"""The database is taken from an open screen: runs in it are over, a start says why it cannot be."""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.service.conftest import QUICK, SPIN, finish, wait_for, write
from tests.waiting import until
from tuiflow.errors import TuiflowError
from tuiflow.model.status import Status
from tuiflow.service import open_service


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


@contextmanager
def read_only(path: Path) -> Generator[None]:
    """Make a file one that may not be written, for root too."""
    is_root = os.geteuid() == 0
    on, off = (
        (["chattr", "+i"], ["chattr", "-i"]) if is_root else (["chmod", "400"], ["chmod", "600"])
    )
    if subprocess.run([*on, str(path)], capture_output=True, check=False).returncode:
        pytest.skip("this file system has no file that root may not write")
    try:
        yield
    finally:
        subprocess.run([*off, str(path)], check=True)
