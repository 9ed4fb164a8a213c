import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from anyio import create_task_group, open_process

from tests.store.making import new_run
from tests.supervisor.project import Project, Runs, now, runs_of, stop
from tests.waiting import until
from tuiflow.errors import WorkerError
from tuiflow.model.ids import RunId
from tuiflow.model.status import Status
from tuiflow.store import (
    SqliteDb,
    WorkerRecord,
    describe_process,
    find_started,
    is_alive,
    open_store,
)
from tuiflow.supervisor import Reaper
from tuiflow.supervisor.reaper import LOOK_SECONDS

FLOW = """
def wait(step_input):
    time.sleep(3600)

workflow = Workflow(name="wait", steps=[Step(name="wait", executor=wait)])
"""


async def begun(runs: Runs, project: Project, text: str = FLOW) -> tuple[RunId, WorkerRecord]:
    report = await runs.workers.probe(project.write("wait.py", text))
    run_id = await runs.start(report, "wait")
    await runs.event(run_id, lambda event: event.event == "StepStarted")
    return run_id, await runs.worker(run_id)


async def test_a_killed_worker_is_found_as_crashed_at_the_next_look(project: Project):
    async with runs_of(project) as runs, create_task_group() as group:
        run_id, worker = await begun(runs, project)
        group.start_soon(Reaper(runs.store).run)

        os.kill(worker.pid, signal.SIGKILL)
        run = await runs.ended(run_id)

        last = (await runs.events(run_id))[-1]
        assert run.status is Status.CRASHED
        assert run.reason == (
            f"worker {worker.pid} ended without a word, as when it is killed or memory runs out"
        )
        assert last.event == "WorkflowCrashed"
        group.cancel_scope.cancel()


async def test_what_a_killed_worker_had_started_ends_with_it(project: Project):
    sleeper = '["sleep", "3600"]'
    text = FLOW.replace(
        "time.sleep(3600)",
        f"subprocess.Popen({sleeper}, start_new_session=True); subprocess.run({sleeper})",
    )
    async with runs_of(project) as runs:
        run_id, worker = await begun(runs, project, text)
        children = psutil.Process(worker.pid).children
        await until(lambda: len(children()) == 2)
        started = find_started(worker)
        os.kill(worker.pid, signal.SIGKILL)
        await gone(worker)

        await Reaper(runs.store).look()

        assert (await runs.store.get_run(run_id)).status is Status.CRASHED
        await until(lambda: find_started(worker) == [])
        assert len(started) == 2


def test_a_look_comes_every_second_so_that_a_crash_is_found_within_three():
    assert LOOK_SECONDS <= 1


async def test_a_crash_is_written_once_by_several_reapers(project: Project):
    async with runs_of(project) as runs:
        run_id, worker = await begun(runs, project)
        os.kill(worker.pid, signal.SIGKILL)
        await gone(worker)

        ended = [await Reaper(runs.store).look() for _ in range(2)]

        kinds = [event.event for event in await runs.events(run_id)]
        assert ended == [1, 0]
        assert kinds.count("WorkflowCrashed") == 1


async def test_a_living_worker_is_left_alone_and_killed_when_its_time_is_over(project: Project):
    async with runs_of(project) as runs:
        run_id, worker = await begun(runs, project)
        reaper = Reaper(runs.store)
        assert await reaper.look() == 0
        await stop(project, worker)
        await runs.store.request_cancel(run_id, kill_after=now() - 1, reason="late")

        assert await reaper.look() == 1

        run = await runs.store.get_run(run_id)
        assert (run.status, run.reason) == (Status.CANCELLED, "late")
        await gone(worker)


async def test_a_worker_that_died_while_it_was_asked_to_end_was_cancelled(project: Project):
    async with runs_of(project) as runs:
        run_id, worker = await begun(runs, project)
        await stop(project, worker)
        await runs.store.request_cancel(run_id, kill_after=now() + 60_000_000, reason="asked")
        os.kill(worker.pid, signal.SIGKILL)
        await gone(worker)

        await Reaper(runs.store).look()

        assert (await runs.store.get_run(run_id)).status is Status.CANCELLED


async def test_a_run_whose_starter_died_before_the_claim_ends_as_crashed(project: Project):
    async with runs_of(project) as runs:
        report = await runs.workers.probe(project.write("wait.py", FLOW))
        run_id = await runs.create(report, "wait")
        reaper = Reaper(runs.store, claim_seconds=0)

        assert await Reaper(runs.store).look() == 0
        assert [await reaper.look(), await reaper.look()] == [1, 0]

        run = await runs.store.get_run(run_id)
        assert run.status is Status.CRASHED
        assert run.reason.startswith("not started: ")
        with pytest.raises(WorkerError, match="is crashed already"):
            await runs.workers.start(run_id, "wait", report)


async def test_a_run_whose_starter_is_gone_ends_within_seconds_and_one_that_lives_is_waited_for(
    project: Project,
):
    starter = await open_process(["sleep", "3600"])
    async with runs_of(project) as runs:
        report = await runs.workers.probe(project.write("wait.py", FLOW))
        dead, alive = await runs.create(report, "wait"), await runs.create(report, "wait")
        begun_at = psutil.Process(starter.pid).create_time()
        for run_id, pid, at in ((dead, starter.pid, begun_at), (alive, os.getpid(), None)):
            me = describe_process(run_id, "starter")
            await runs.store.name_starter(replace(me, pid=pid, started=at or me.started))
        began = time.monotonic()
        starter.kill()
        await starter.wait()

        async with create_task_group() as group:
            group.start_soon(Reaper(runs.store).run)
            await runs.ended(dead)
            group.cancel_scope.cancel()

        assert time.monotonic() - began < 10
        run = await runs.store.get_run(dead)
        assert run.status is Status.CRASHED
        assert "ended before it was claimed" in run.reason
        waiting = await runs.store.get_run(alive)
        assert (waiting.status, waiting.worker) == (Status.PENDING, None)


async def test_a_run_whose_program_lives_is_waited_for_however_long_it_is_held_up(tmp_path: Path):
    run_id = RunId("held-up")
    async with open_store(SqliteDb(tmp_path / "x.db")) as store:
        starter = describe_process(run_id, "starter")
        await store.create_run(new_run(run_id=run_id, created_at=1), starter=starter)

        assert await Reaper(store, claim_seconds=0).look() == 0

        assert (await store.get_run(run_id)).status is Status.PENDING


async def test_runs_of_a_program_that_is_gone_are_found_at_the_next_look(tmp_path: Path):
    begun, waiting = RunId("begun"), RunId("waiting")
    async with open_store(SqliteDb(tmp_path / "x.db")) as store:
        await store.create_run(new_run(run_id=begun))
        program = replace(describe_process(begun, "inline"), pid=2**22 + 1)
        await store.claim_run(begun, program)
        starter = replace(program, run_id=waiting, mode="starter")
        at = now() - 2_000_000
        await store.create_run(new_run(run_id=waiting, created_at=at), starter=starter)

        assert await Reaper(store).look() == 2

        for run_id in (begun, waiting):
            assert (await store.get_run(run_id)).status is Status.CRASHED


async def test_a_run_that_is_claimed_late_is_its_workers_and_not_ended_as_unclaimed(
    project: Project,
):
    async with runs_of(project) as runs:
        run_id, _ = await begun(runs, project)

        assert await Reaper(runs.store, claim_seconds=0).look() == 0
        assert (await runs.store.get_run(run_id)).status is Status.RUNNING


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts from the boot")
def test_a_process_stays_itself_when_the_clock_is_set(monkeypatch: pytest.MonkeyPatch):
    me = describe_process(RunId("r"), mode="worker")
    booted = psutil.boot_time()
    created = psutil.Process().create_time()

    monkeypatch.setattr("psutil._pslinux.boot_time", lambda: booted + 3600)

    assert psutil.Process().create_time() == pytest.approx(created + 3600)
    assert is_alive(me) == "alive"


def test_a_pid_that_belongs_to_somebody_else_by_now_is_gone():
    me = describe_process(RunId("r"), mode="worker")

    assert is_alive(me) == "alive"
    assert is_alive(replace(me, started=me.started - 100)) == "gone"
    assert is_alive(replace(me, boot_id="another boot")) == "gone"
    assert is_alive(replace(me, host="elsewhere")) == "unknown"
    assert is_alive(replace(me, boot_id=f"{me.boot_id.partition('/')[0]}/pid:[1]")) == "unknown"
    assert is_alive(replace(me, pid=2**22 + 1)) == "gone"


@pytest.mark.parametrize("pid", [0, -1, -5, 2**31, 2**63 - 1, -(2**63)])
def test_what_is_no_number_of_a_process_is_gone_and_ends_nobody(pid: int):
    nobody = replace(describe_process(RunId("r"), mode="worker"), pid=pid)

    assert is_alive(nobody) == "gone"
    assert find_started(nobody) == []


async def gone(worker: WorkerRecord) -> None:
    await until(lambda: is_alive(worker) == "gone")
