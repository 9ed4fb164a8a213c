import os
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path
from textwrap import dedent

import psutil
import pytest
from anyio import create_task_group, open_process

from tests.supervisor.project import Project, closing, runs_of, settled, waiting_workers
from tests.waiting import until
from tuiflow.errors import WorkerError
from tuiflow.model.status import Status
from tuiflow.supervisor import standby

FLOW = """
def double(step_input):
    return VALUE * 2

VALUE = 21
workflow = Workflow(name="double", steps=[Step(name="double", executor=double)])
"""


async def test_a_run_is_executed_to_its_end_by_nobodys_child(project: Project):
    file = project.write("double.py", FLOW)
    async with runs_of(project) as runs:
        report = await runs.workers.probe(file)

        run_id = await runs.start(report, "double")
        run = await runs.ended(run_id)

        assert run.status is Status.COMPLETED
        assert run.content is not None
        assert run.content.value == 42
        assert run.worker is not None
        assert run.worker.pid not in {child.pid for child in psutil.Process().children()}
        assert await runs.store.get_report(report.revision) is not None


async def test_a_run_starts_in_the_process_that_imported_its_revision(project: Project):
    file = project.write("pid.py", FLOW.replace("VALUE * 2", "VALUE").replace("21", "os.getpid()"))
    async with runs_of(project) as runs:
        report = await runs.workers.probe(file)

        run = await runs.ended(await runs.start(report, "double"))

        assert run.worker is not None
        assert run.content is not None
        assert run.content.value == run.worker.pid


async def test_a_second_start_gets_a_process_of_its_own(project: Project):
    file = project.write("double.py", FLOW)
    async with runs_of(project) as runs:
        report = await runs.workers.probe(file)

        first = await runs.ended(await runs.start(report, "double"))
        second = await runs.ended(await runs.start(report, "double"))

        assert first.worker is not None
        assert second.worker is not None
        assert first.worker.pid != second.worker.pid


async def test_the_last_good_revision_runs_while_its_file_is_broken(project: Project):
    project.write("part/__init__.py", "", header="")
    part = project.write("part/numbers.py", "VALUE = 21\n", header="")
    file = project.write("double.py", FLOW.replace("VALUE = 21", "from part.numbers import VALUE"))
    async with runs_of(project, standby=False) as runs:
        report = await runs.workers.probe(file)
        file.write_text("broken = (")
        part.unlink()

        run = await runs.ended(await runs.start(report, "double"))

        assert run.content is not None
        assert run.content.value == 42
        assert run.revision == report.revision


async def test_a_standby_that_was_killed_is_replaced(project: Project):
    file = project.write("double.py", FLOW)
    async with runs_of(project) as runs:
        report = await runs.workers.probe(file)
        for pid in waiting_workers(project):
            os.kill(pid, signal.SIGKILL)

        run = await runs.ended(await runs.start(report, "double"))

        assert run.status is Status.COMPLETED


async def test_at_most_two_standbys_are_kept_and_none_when_switched_off(project: Project):
    files = [project.write(f"f{n}.py", FLOW) for n in range(3)]
    async with runs_of(project) as runs:
        for file in files:
            await runs.workers.probe(file)
        # A process that was killed is seen for a moment still.
        assert len(await settled(project, 2)) == 2
    async with runs_of(project, standby=False) as runs:
        await runs.workers.probe(files[0])
        assert len(await settled(project, 0)) == 0


async def test_a_standby_goes_when_it_was_idle_for_long_is_large_or_its_file_is_gone(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(standby, "LOOK_SECONDS", 0.1)
    assert standby.IDLE_SECONDS == 300
    file = project.write("double.py", FLOW)
    for limit in ("IDLE_SECONDS", "BIGGEST_STANDBY", "file"):
        async with runs_of(project) as runs, create_task_group() as group:
            group.start_soon(runs.workers.run)
            await runs.workers.probe(file)
            await settled(project, 2)
            with monkeypatch.context() as patch:
                if limit == "file":
                    file.unlink()
                else:
                    patch.setattr(standby, limit, 0)
                await settled(project, 1)
            group.cancel_scope.cancel()


async def test_a_standby_goes_when_a_newer_import_of_its_file_cannot_be_kept(project: Project):
    async with runs_of(project) as runs:
        await runs.workers.probe(project.write("double.py", FLOW))
        await runs.workers.probe(project.write("double.py", "broken = ("))
        assert len(await settled(project, 1)) == 1

        await runs.workers.probe(project.write("double.py", "nothing = None"))
        await settled(project, 0)


async def test_an_import_that_leaves_a_thread_or_a_child_is_not_kept(project: Project):
    thread = (
        "import threading\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    )
    child = "subprocess.Popen(['sleep', '60'])"
    async with runs_of(project) as runs:
        for extra in (thread, child):
            report = await runs.workers.probe(project.write("leaves.py", FLOW + extra))

            assert report.failure is None
            assert report.keeps_threads
            assert await settled(project, 0) == []


async def test_a_run_that_was_cancelled_before_it_began_is_refused(project: Project):
    file = project.write("double.py", FLOW)
    async with runs_of(project) as runs:
        report = await runs.workers.probe(file)
        run_id = await runs.create(report, "double")
        await runs.store.request_cancel(run_id, kill_after=0)

        with pytest.raises(WorkerError, match="cancelled already"):
            await runs.workers.start(run_id, "double", report)


async def test_a_workflow_the_file_does_not_have_is_refused(project: Project):
    file = project.write("double.py", FLOW)
    async with runs_of(project) as runs:
        report = await runs.workers.probe(file)
        run_id = await runs.create(report, "tripel")

        with pytest.raises(WorkerError, match="no workflow 'tripel'"):
            await runs.workers.start(run_id, "tripel", report)


async def test_several_runs_started_at_once_all_end(project: Project):
    file = project.write("double.py", FLOW)
    async with runs_of(project) as runs:
        report = await runs.workers.probe(file)
        ids = [await runs.create(report, "double") for _ in range(3)]

        async with create_task_group() as group:
            for run_id in ids:
                group.start_soon(runs.workers.start, run_id, "double", report)
        statuses = {(await runs.ended(run_id)).status for run_id in ids}

        assert statuses == {Status.COMPLETED}


async def test_the_pool_keeps_a_blank_warm_and_warms_up_what_was_started(project: Project):
    file = project.write("double.py", FLOW)
    async with runs_of(project) as runs, create_task_group() as group:
        group.start_soon(runs.workers.run)
        await settled(project, 1)
        report = await runs.workers.probe(file)
        await settled(project, 2)

        run = await runs.ended(await runs.start(report, "double"))

        assert run.status is Status.COMPLETED
        await settled(project, 2)
        group.cancel_scope.cancel()
    assert await settled(project, 0) == []


async def test_waiting_workers_end_when_the_front_end_is_killed(project: Project):
    file = project.write("double.py", FLOW)
    program = f"""
        import anyio, sys
        from pathlib import Path
        from tuiflow.settings import Settings
        from tuiflow.store import SqliteDb
        from tuiflow.supervisor import Workers

        async def main():
            workers = Workers(Settings(), Path({str(project.folder)!r}), SqliteDb("none.db"))
            await workers.probe(Path({str(file)!r}))
            print("ready", flush=True)
            await anyio.sleep_forever()

        anyio.run(main)
    """
    async with await open_process([sys.executable, "-c", dedent(program)]) as front:
        assert front.stdout is not None
        assert (await front.stdout.receive()).startswith(b"ready")
        assert len(await settled(project, 1)) == 1

        front.kill()

    assert await settled(project, 0) == []


async def test_workers_that_wait_leave_once_their_project_is_gone(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(standby, "LOOK_SECONDS", 0.1)
    folder = project.folder / "inner"
    inner = Project(folder)
    async with closing(inner.workers()) as workers, create_task_group() as group:
        await workers.probe(inner.write("double.py", FLOW))
        group.start_soon(workers.run)
        await until(lambda: len(waiting_in(folder)) == 2)
        waiting = waiting_in(folder)

        shutil.rmtree(folder)
        await until(lambda: not any(psutil.pid_exists(pid) for pid in waiting))
        group.cancel_scope.cancel()


def waiting_in(folder: Path) -> list[int]:
    found: list[int] = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if "tuiflow.worker" in process.cmdline() and process.cwd() == str(folder):
                found.append(process.pid)
    return found
