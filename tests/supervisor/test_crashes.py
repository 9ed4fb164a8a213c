"""Processes that die, stop and wake at the worst of times: every run keeps one true end."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import anyio
import psutil
import pytest
from anyio import create_task_group, sleep

from tests.supervisor.project import Project, Runs, now, runs_of, stop
from tests.waiting import until
from tuiflow.model.events import RUN_END_KINDS, WorkflowCancelledEvent, WorkflowErrorEvent
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.status import Status
from tuiflow.service import open_service
from tuiflow.store import WorkerRecord, describe_process, is_alive
from tuiflow.store.processes import start_time
from tuiflow.supervisor import Reaper

FLOW = """
from pathlib import Path

def speak(step_input):
    number = 0
    while not Path("enough").exists():
        try:
            number += 1
            print(number)
            time.sleep(0.01)
        except BaseException:
            pass

def short(step_input):
    return "done"

def eat(step_input):
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
    return len(bytes(2**32))

def swell(step_input):
    print("ready")
    while not Path("limited").exists():
        time.sleep(0.01)
    held = [b"x" * 2**20 for _ in range(1024)]

hungry = Workflow(name="hungry", steps=[eat])
swelling = Workflow(name="swelling", steps=[swell])
speaking = Workflow(name="speaking", steps=[Step(name="speak", executor=speak)], cancel_grace=0.3)
steps = [Step(name=f"s{n}", executor=short) for n in range(30)]
many = Workflow(name="many", steps=steps)
"""


async def speaking(runs: Runs, project: Project) -> tuple[RunId, WorkerRecord]:
    report = await runs.workers.probe(project.write("flow.py", FLOW))
    run_id = await runs.start(report, "speaking")
    await runs.event(run_id, lambda event: event.kind == "StepLog")
    return run_id, await runs.worker(run_id)


async def test_a_worker_fenced_while_it_was_stopped_writes_nothing_and_ends(project: Project):
    async with runs_of(project) as runs:
        run_id, worker = await speaking(runs, project)
        await stop(project, worker)
        event = WorkflowCancelledEvent(node_path=NodePath("speaking"), reason="killed")
        assert await runs.store.end_run(run_id, event)
        before = await runs.events(run_id)

        os.kill(worker.pid, signal.SIGCONT)
        await until(lambda: is_alive(worker) == "gone")

        assert await runs.events(run_id) == before
        assert (await runs.store.get_run(run_id)).status is Status.CANCELLED


async def test_a_worker_silent_for_minutes_is_called_stalled_and_goes_on_when_it_wakes(
    project: Project,
):
    async with (
        runs_of(project) as runs,
        open_service(target=project.folder, db=str(project.db.db_file), watch=False) as service,
    ):
        run_id, worker = await speaking(runs, project)
        await stop(project, worker)
        minutes_ago = now() - 600_000_000
        with closing(sqlite3.connect(project.db.db_file)) as connection, connection:
            connection.execute("UPDATE workers SET heartbeat = ?", (minutes_ago,))

        assert await Reaper(runs.store).look() == 0
        assert [one.silent_for(now()) > 0 for one in await service.workers()] == [True]

        os.kill(worker.pid, signal.SIGCONT)
        (project.folder / "enough").touch()
        assert (await runs.ended(run_id)).status is Status.COMPLETED


async def test_a_step_that_asks_for_more_memory_than_there_is_fails_with_its_line(
    project: Project,
):
    async with runs_of(project) as runs:
        report = await runs.workers.probe(project.write("flow.py", FLOW))
        run_id = await runs.start(report, "hungry")
        run = await runs.ended(run_id)

        last = (await runs.events(run_id))[-1]
        assert run.status is Status.ERROR
        assert isinstance(last, WorkflowErrorEvent)
        assert "MemoryError" in last.failure.summary


async def test_a_worker_that_the_system_kills_for_want_of_memory_has_crashed(project: Project):
    with memory_limit(300 * 2**20) as limited:
        async with runs_of(project) as runs, create_task_group() as group:
            group.start_soon(Reaper(runs.store).run)
            report = await runs.workers.probe(project.write("flow.py", FLOW))
            run_id = await runs.start(report, "swelling")
            await runs.event(run_id, lambda event: event.kind == "StepLog")
            limited(str((await runs.worker(run_id)).pid))
            (project.folder / "limited").touch()

            run = await runs.ended(run_id)
            group.cancel_scope.cancel()

            kinds = [event.event for event in await runs.events(run_id)]
            assert run.status is Status.CRASHED
            assert "memory runs out" in run.reason
            assert kinds.count("WorkflowCrashed") == 1


LIMITS = {"memory/": "memory.limit_in_bytes", "": "memory.max"}
"""Where control groups are, by their first and their second version."""


@contextmanager
def memory_limit(size: int) -> Generator[Callable[[str], object]]:
    """Have the system itself kill processes once they hold more than so many bytes."""
    for above, name in LIMITS.items():
        folder = Path("/sys/fs/cgroup", above, f"tuiflow-{os.getpid()}")
        with suppress(OSError):
            folder.mkdir()
        if (folder / name).exists():
            (folder / name).write_text(str(size))
            try:
                yield (folder / "cgroup.procs").write_text
            finally:
                folder.rmdir()
            return
        with suppress(OSError):
            folder.rmdir()
    pytest.skip("limiting the memory of processes needs root and control groups")


def test_a_zombie_is_gone():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        me = describe_process(RunId("r"), mode="worker")
        started = start_time(psutil.Process(child.pid))
        record = replace(me, pid=child.pid, started=started)
        assert is_alive(record) == "alive"

        assert child.stdin is not None
        child.stdin.close()

        anyio.run(until, lambda: psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE)
        assert is_alive(record) == "gone"


async def test_a_reaper_that_had_nothing_to_do_still_finds_the_next_crash(project: Project):
    async with runs_of(project) as runs, create_task_group() as group:
        reaper = Reaper(runs.store)
        for _ in range(3):
            assert await reaper.look() == 0
        run_id, worker = await speaking(runs, project)

        os.kill(worker.pid, signal.SIGKILL)
        group.start_soon(reaper.run)

        assert (await runs.ended(run_id)).status is Status.CRASHED
        group.cancel_scope.cancel()


async def test_a_worker_killed_at_any_instant_leaves_one_end_and_no_gap(project: Project):
    seeded = random.Random(7)
    async with runs_of(project) as runs, create_task_group() as group:
        group.start_soon(Reaper(runs.store).run)
        file = project.write("flow.py", FLOW)
        for _ in range(8):
            report = await runs.workers.probe(file)
            run_id = await runs.start(report, "many")
            worker = await runs.worker(run_id)
            await sleep(seeded.uniform(0, 0.1))
            if is_alive(worker) == "alive":
                os.kill(worker.pid, signal.SIGKILL)

            run = await runs.ended(run_id)

            events = await runs.events(run_id)
            assert run.status in {Status.CRASHED, Status.COMPLETED}
            assert [event.seq for event in events] == list(range(1, len(events) + 1))
            assert [event.event in RUN_END_KINDS for event in events].count(True) == 1
            assert events[-1].event in RUN_END_KINDS
        group.cancel_scope.cancel()
