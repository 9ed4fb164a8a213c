# pyright: reportPrivateUsage=false
import os
import signal
import sqlite3

import psutil
import pytest
from anyio import sleep

from tests.supervisor.project import Project, Runs, now, runs_of
from tests.tracing import UNTRACED
from tests.waiting import until
from tuiflow.errors import DatabaseUnusableError
from tuiflow.model.ids import RunId
from tuiflow.model.status import Status
from tuiflow.service import open_service
from tuiflow.store import CancelAnswer
from tuiflow.supervisor import end_run, kill_run, spawn_ending

FLOW = """
import ctypes, signal, sqlite3
from pathlib import Path

def quick(step_input):
    return "kept"

def spin(step_input):
    try:
        while True:
            pass
    finally:
        Path("cleaned").touch()

async def hold(step_input):
    while True:
        pass

async def hold_in_sleep(step_input):
    time.sleep(3600)

def with_child(step_input):
    subprocess.run(["sleep", "3600"], start_new_session=True)

def deaf(step_input):
    # With the interpreter held, nobody in this process hears a signal.
    ctypes.PyDLL(None).sleep(3600)

def stop_with_the_lock(step_input):
    mine = sqlite3.connect("runs.db", isolation_level=None)
    mine.execute("BEGIN IMMEDIATE")
    os.kill(os.getpid(), signal.SIGSTOP)
    mine.execute("ROLLBACK")
    while True:
        time.sleep(0.01)

def both(name, function):
    return Workflow(name=name, steps=[
        Parallel(Step(name="quick", executor=quick), Step(name="slow", executor=function)),
    ])

def check_child(step_input):
    subprocess.run(["sleep", "3600"], check=True)

def one_by_one(name, function):
    return Workflow(name=name, steps=[
        Step(name="quick", executor=quick), Step(name="slow", executor=function),
    ])

spinning = both("spinning", spin)
childish = both("childish", with_child)
checking = both("checking", check_child)
deafened = one_by_one("deafened", deaf)
stopping = one_by_one("stopping", stop_with_the_lock)
holding = one_by_one("holding", hold)
sleeping = one_by_one("sleeping", hold_in_sleep)
"""


async def begun(runs: Runs, project: Project, name: str) -> RunId:
    report = await runs.workers.probe(project.write("flows.py", FLOW))
    run_id = await runs.start(report, name)
    await runs.event(run_id, lambda event: event.event == "StepCompleted")
    await runs.event(run_id, lambda event: event.node_path.endswith("/slow"))
    return run_id


async def cancel(runs: Runs, run_id: RunId, *, grace: float = 3.0) -> None:
    kill_after = now() + int(grace * 1_000_000)
    answer = await runs.store.request_cancel(run_id, kill_after=kill_after, reason="no need")
    assert answer is CancelAnswer.REQUESTED
    await end_run(runs.store, run_id)


@pytest.mark.parametrize(
    "name", ["spinning", "holding", "sleeping", pytest.param("checking", marks=UNTRACED)]
)
async def test_a_cancel_ends_a_step_that_never_looks_up(project: Project, name: str):
    async with runs_of(project) as runs:
        run_id = await begun(runs, project, name)

        await cancel(runs, run_id, grace=20)
        run = await runs.ended(run_id)

        kinds = {(e.event, e.node_path.rpartition("/")[2]) for e in await runs.events(run_id)}
        assert (run.status, run.reason) == (Status.CANCELLED, "no need")
        assert ("StepCompleted", "quick") in kinds
        assert ("StepCancelled", "slow") in kinds
        assert (project.folder / "cleaned").exists() == (name == "spinning")
        last = (await runs.events(run_id))[-1]
        assert last.event == "WorkflowCancelled"


async def test_a_cancel_that_only_stands_in_the_database_reaches_a_held_loop(project: Project):
    async with runs_of(project) as runs:
        run_id = await begun(runs, project, "holding")

        await runs.store.request_cancel(run_id, kill_after=now() + 60_000_000, reason="asked")
        run = await runs.ended(run_id)

        assert (run.status, run.reason) == (Status.CANCELLED, "asked")


async def test_a_worker_told_to_end_by_a_stranger_says_so(project: Project):
    async with runs_of(project) as runs:
        run_id = await begun(runs, project, "spinning")
        worker = await runs.worker(run_id)

        os.kill(worker.pid, signal.SIGTERM)
        run = await runs.ended(run_id)

        assert run.status is Status.CANCELLED
        assert "SIGTERM" in run.reason


async def test_a_hang_up_changes_nothing(project: Project):
    async with runs_of(project) as runs:
        run_id = await begun(runs, project, "spinning")
        worker = await runs.worker(run_id)

        os.kill(worker.pid, signal.SIGHUP)
        await sleep(0.2)

        assert psutil.pid_exists(worker.pid)
        await kill_run(runs.store, await runs.store.get_run(run_id))


async def test_a_worker_that_cannot_hear_is_killed_past_its_time(project: Project):
    async with runs_of(project) as runs:
        run_id = await begun(runs, project, "deafened")
        worker = await runs.worker(run_id)

        await cancel(runs, run_id, grace=0.3)
        run = await runs.store.get_run(run_id)

        assert (run.status, run.reason) == (Status.CANCELLED, "no need")
        assert (await runs.events(run_id))[-1].event == "WorkflowCancelled"
        assert await is_gone(worker.pid)


async def test_a_stopped_worker_is_woken_to_hear_of_its_cancel(project: Project):
    async with runs_of(project) as runs:
        run_id = await begun(runs, project, "spinning")
        worker = await runs.worker(run_id)
        await runs.store.request_cancel(run_id, kill_after=now() + 60_000_000, reason="no need")
        os.kill(worker.pid, signal.SIGSTOP)

        await end_run(runs.store, run_id)

        assert (await runs.events(run_id))[-1].event == "WorkflowCancelled"
        assert (project.folder / "cleaned").exists()


@pytest.mark.parametrize("is_killed", [False, True])
async def test_a_worker_stopped_while_it_holds_the_database_can_be_ended(
    project: Project, is_killed: bool
):
    db = str(project.db.db_file)
    async with (
        runs_of(project) as runs,
        open_service(target=project.folder, db=db, watch=False) as service,
    ):
        run_id = await begun(runs, project, "stopping")
        worker = await runs.worker(run_id)
        await until(lambda: psutil.Process(worker.pid).status() == psutil.STATUS_STOPPED)

        await (service.kill(run_id) if is_killed else service.cancel(run_id, reason="enough"))
        run = await runs.ended(run_id)

        assert (run.status, run.reason) == (
            Status.CANCELLED,
            "killed" if is_killed else "enough",
        )
        assert await is_gone(worker.pid)


async def test_a_kill_that_cannot_be_recorded_ends_the_worker_all_the_same(project: Project):
    db = str(project.db.db_file)
    async with (
        runs_of(project) as runs,
        open_service(target=project.folder, db=db, watch=False) as service,
    ):
        run_id = await begun(runs, project, "spinning")
        worker = await runs.worker(run_id)
        stranger = sqlite3.connect(db, isolation_level=None)
        stranger.execute("BEGIN IMMEDIATE")
        await service._store._link._opened.writing.execute("PRAGMA busy_timeout = 50")

        with pytest.raises(DatabaseUnusableError, match="locked by another process"):
            await service.kill(run_id)

        assert await is_gone(worker.pid)
        stranger.close()


async def test_a_kill_takes_what_the_run_started_outside_its_group(project: Project):
    async with runs_of(project) as runs:
        run_id = await begun(runs, project, "childish")
        child = await child_of(runs, run_id)

        await kill_run(runs.store, await runs.store.get_run(run_id))

        assert await is_gone(child)
        assert (await runs.store.get_run(run_id)).status is Status.CANCELLED


async def test_an_ending_left_behind_kills_when_the_time_has_come(project: Project):
    async with runs_of(project) as runs:
        run_id = await begun(runs, project, "deafened")
        worker = await runs.worker(run_id)
        await runs.store.request_cancel(run_id, kill_after=now() + 200_000, reason="left")

        spawn_ending(project.db, run_id)
        run = await runs.ended(run_id)

        assert (run.status, run.reason) == (Status.CANCELLED, "left")
        assert await is_gone(worker.pid)


async def test_ending_a_run_that_is_over_does_nothing(project: Project):
    async with runs_of(project) as runs:
        run_id = await begun(runs, project, "spinning")
        await cancel(runs, run_id, grace=20)
        before = await runs.events(run_id)

        await end_run(runs.store, run_id)
        assert not await kill_run(runs.store, await runs.store.get_run(run_id))

        assert await runs.events(run_id) == before


async def child_of(runs: Runs, run_id: RunId) -> int:
    worker = await runs.worker(run_id)
    process = psutil.Process(worker.pid)
    await until(process.children)
    return process.children()[0].pid


async def is_gone(pid: int) -> bool:
    await until(lambda: not is_running(pid))
    return True


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
