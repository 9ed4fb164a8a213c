"""The database is deleted under an open screen: what ran is over, and the next run begins anew."""

from pathlib import Path

import psutil

from tests.service.conftest import SPIN, wait_for, write
from tests.waiting import until
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
