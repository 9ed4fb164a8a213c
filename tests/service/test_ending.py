# pyright: reportPrivateUsage=false
import os
import signal
import sys
from pathlib import Path

import anyio
import psutil
import pytest

from tests.service.conftest import SPIN, STUBBORN, finish, wait_for, write
from tests.waiting import PATIENCE, until
from tuiflow.errors import RunError
from tuiflow.model.content import StoredContent
from tuiflow.model.ids import NodePath, new_run_id
from tuiflow.model.status import Status
from tuiflow.service import CancelAnswer, Service, open_service
from tuiflow.service.ending import open_endings
from tuiflow.store import NewRun, SqliteDb, open_store
from tuiflow.store.store import LAST_WORDS_SECONDS
from tuiflow.supervisor import stopping


async def test_a_spinning_step_is_cancelled_and_what_was_done_is_kept(
    project: Path, service: Service
):
    write(project, "spin", SPIN)
    run_id = await service.start("spin")
    await wait_for(service, run_id, "spin/spin", Status.RUNNING)

    answer = await service.cancel(run_id, reason="enough")
    state = await finish(service, run_id)

    assert answer is CancelAnswer.REQUESTED
    assert state.status is Status.CANCELLED
    assert state.nodes[NodePath("spin/first")].status is Status.COMPLETED
    assert state.nodes[NodePath("spin/spin")].status is Status.CANCELLED
    assert (await service.get_run(run_id)).reason == "enough"
    assert await service.cancel(run_id) is CancelAnswer.ALREADY_OVER


async def test_a_cancelled_run_may_be_deleted_as_soon_as_it_is_over(
    project: Path, service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stopping, "LOOK_SECONDS", 0.5)  # who sees to its end looks again later
    write(project, "spin", SPIN)
    run_id = await service.start("spin")
    await wait_for(service, run_id, "spin/spin", Status.RUNNING)

    await service.cancel(run_id)
    await finish(service, run_id)
    await service.delete_run(run_id)

    await until(lambda: not service._endings._seen_to)
    assert await service.list_runs() == []


async def test_a_run_that_will_not_stop_is_killed_after_its_grace(project: Path, service: Service):
    write(project, "stubborn", STUBBORN)
    run_id = await service.start("stubborn")
    await wait_for(service, run_id, "stubborn/stubborn", Status.RUNNING)
    worker = (await service.get_run(run_id)).worker
    assert worker is not None

    await service.cancel(run_id)
    state = await finish(service, run_id)

    assert state.status is Status.CANCELLED
    await until(lambda: not psutil.pid_exists(worker.pid))


async def test_a_kill_does_not_wait_for_the_grace_that_a_cancel_gives(
    project: Path, service: Service
):
    grace = 20 * PATIENCE
    text = STUBBORN.replace('name="stubborn"', f'name="stubborn", cancel_grace={grace}')
    write(project, "stubborn", text)
    run_id = await service.start("stubborn")
    await wait_for(service, run_id, "stubborn/stubborn", Status.RUNNING)

    with anyio.fail_after(PATIENCE):
        assert await service.kill(run_id)

    assert (await service.get_run(run_id)).status is Status.CANCELLED
    assert not await service.kill(run_id)


@pytest.mark.parametrize("grace", [0.2, 3600])
async def test_a_cancelled_run_has_the_grace_of_its_workflow(
    project: Path, service: Service, grace: float
):
    write(project, "stubborn", STUBBORN.replace("steps=", f"cancel_grace={grace}, steps="))
    run_id = await service.start("stubborn")
    await wait_for(service, run_id, "stubborn/stubborn", Status.RUNNING)

    await service.cancel(run_id)
    run = await service.get_run(run_id)
    if grace < 1:
        assert (await finish(service, run_id)).status is Status.CANCELLED
    else:
        assert await service.kill(run_id)

    assert run.cancel_grace == grace
    assert run.cancel_requested_at is not None
    assert run.kill_after is not None
    assert (run.kill_after - run.cancel_requested_at) / 1_000_000 == grace + LAST_WORDS_SECONDS


async def test_a_cancel_whose_end_could_not_be_written_can_be_asked_for_again(
    project: Path, service: Service
):
    write(project, "stubborn", STUBBORN.replace("steps=", "cancel_grace=0.5, steps="))
    run_id = await service.start("stubborn")
    await wait_for(service, run_id, "stubborn/stubborn", Status.RUNNING)
    worker = (await service.get_run(run_id)).worker
    assert worker is not None
    away = service.database.parent.with_name("away")

    await service.cancel(run_id)
    service.database.parent.rename(away)
    await until(lambda: not psutil.pid_exists(worker.pid))
    away.rename(service.database.parent)
    await service.cancel(run_id)
    state = await finish(service, run_id)

    assert state.status is Status.CANCELLED


async def test_a_cancel_asked_for_just_before_leaving_is_seen_to_by_somebody_else(project: Path):
    write(project, "stubborn", STUBBORN)
    async with open_service(target=project / "workflows", watch=False) as service:
        run_id = await service.start("stubborn")
        await wait_for(service, run_id, "stubborn/stubborn", Status.RUNNING)
        await service.cancel(run_id)

    async with open_service(target=project / "workflows", watch=False) as service:
        state = await finish(service, run_id)

    assert state.status is Status.CANCELLED


async def test_a_dead_worker_is_found_as_crashed(project: Path):
    write(project, "spin", SPIN)
    async with open_service(target=project / "workflows") as service:
        await until(lambda: bool(service.catalog.entries))
        run_id = await service.start("spin")
        await wait_for(service, run_id, "spin/spin", Status.RUNNING)
        worker = (await service.get_run(run_id)).worker
        assert worker is not None
        assert worker.silent_for(service.now()) == 0

        os.kill(worker.pid, signal.SIGKILL)
        state = await finish(service, run_id)

    assert state.status is Status.CRASHED
    assert state.nodes[NodePath("spin/first")].status is Status.COMPLETED


async def test_a_run_nobody_has_claimed_never_starts_once_it_is_cancelled(
    project: Path, service: Service
):
    run = NewRun(run_id=new_run_id(), workflow_name="quick", input=StoredContent(), created_at=1)
    async with open_store(SqliteDb(service.database)) as store:
        await store.create_run(run)

    assert await service.cancel(run.run_id) is CancelAnswer.NEVER_STARTED
    state = await finish(service, run.run_id)

    assert state.status is Status.CANCELLED


async def test_a_run_inside_another_process_is_asked_but_never_killed(
    project: Path, service: Service
):
    file = write(
        project,
        "spin",
        SPIN
        + """
if __name__ == "__main__":
    workflow.run()
""",
    )
    command = [sys.executable, str(file)]
    async with await anyio.open_process(
        command, env={**os.environ, "TUIFLOW_DB": str(service.database)}
    ) as process:
        await until(service.list_runs)
        run_id = await service.find_run("last")
        await wait_for(service, run_id, "spin/spin", Status.RUNNING)

        with pytest.raises(RunError, match="which tuiflow did not start"):
            await service.kill(run_id)

        state = await finish(service, run_id)
        assert await process.wait() != -signal.SIGKILL

    assert state.status is Status.CANCELLED


async def test_who_leaves_is_not_held_by_a_system_that_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    db = SqliteDb(tmp_path / "runs.db")
    async with open_store(db) as store, open_endings(store, db) as endings:
        endings._open.add(new_run_id())
        monkeypatch.setenv("TOO_MUCH", "x" * 2_000_000)  # for the system to start anything with
