from pathlib import Path

import anyio
import pytest

from tests.service.conftest import QUICK, SPIN, finish, wait_for, write
from tests.waiting import PATIENCE, until
from tuiflow.errors import RunNotFoundError
from tuiflow.model.events import Event
from tuiflow.model.ids import RunId
from tuiflow.model.status import Status
from tuiflow.service import Service, open_service


async def test_following_a_run_that_is_over_gives_all_of_it_and_ends(
    project: Path, service: Service
):
    write(project, "quick", QUICK)
    run_id = await service.start("quick")
    await finish(service, run_id)

    events: list[Event] = []
    with anyio.fail_after(PATIENCE):
        async for batch in service.follow(run_id):
            events.extend(batch)
        async for _ in service.follow(run_id, after=events[-1].seq):
            raise AssertionError("there is nothing after the end")

    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[-1].kind == "WorkflowCompleted"


async def test_following_an_unknown_run_is_refused(service: Service):
    with pytest.raises(RunNotFoundError):
        async for _ in service.follow(RunId("nowhere")):
            pass


async def test_a_run_goes_on_when_the_service_has_gone_and_can_be_found_again(project: Path):
    write(project, "spin", SPIN)
    async with open_service(target=project / "workflows") as service:
        await until(lambda: bool(service.catalog.entries))
        run_id = await service.start("spin")

    async with open_service(target=project / "workflows", watch=False) as service:
        await wait_for(service, run_id, "spin/spin", Status.RUNNING)
        assert [worker.run_id for worker in await service.workers()] == [run_id]
        await service.kill(run_id)
