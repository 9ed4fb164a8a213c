"""Real workers and reapers that are late: the run they knew was resumed meanwhile."""

import os
import signal

import psutil
from anyio import Path as AsyncPath
from anyio import create_task_group

from tests.supervisor.project import Project, Runs, now, runs_of, stop
from tests.waiting import until
from tuiflow.model.events import WorkflowCrashedEvent
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.status import Status
from tuiflow.store import WorkerRecord, bury, is_alive
from tuiflow.supervisor import Reaper, end_run

FLOW = """
def wait(step_input):
    while not os.path.exists("go"):
        time.sleep(0.01)
    return "waited"

def more(step_input):
    return step_input.previous_step_content

workflow = Workflow(name="late", steps=[wait, more])
"""


async def begin(runs: Runs, project: Project) -> tuple[RunId, WorkerRecord]:
    report = await runs.workers.probe(project.write("late.py", FLOW))
    run_id = await runs.start(report, "late")
    await runs.event(run_id, lambda event: event.event == "StepStarted")
    return run_id, await runs.worker(run_id)


async def go_on(runs: Runs, project: Project, run_id: RunId) -> None:
    await runs.store.reopen_run(run_id)
    report = await runs.workers.probe(project.folder / "late.py")
    await runs.workers.start(run_id, "late", report)


async def check(runs: Runs, run_id: RunId) -> None:
    run = await runs.ended(run_id)
    events = await runs.events(run_id)
    assert (run.status, run.episode) == (Status.COMPLETED, 2)
    assert run.content is not None
    assert run.content.value == "waited"
    ended = next(event.seq for event in events if event.event == "WorkflowCrashed")
    assert {event.episode for event in events if event.seq <= ended} == {1}
    assert {event.episode for event in events if event.seq > ended} == {2}
    assert [found.sentence async for found in runs.store.verify(run_id)] == []


async def test_an_old_worker_that_wakes_after_its_run_was_resumed_writes_nothing_and_ends(
    project: Project,
):
    async with runs_of(project) as runs:
        run_id, old = await begin(runs, project)
        await stop(project, old)
        crash = WorkflowCrashedEvent(node_path=NodePath("late"), reason="given up")
        assert await runs.store.end_run(run_id, crash)
        await go_on(runs, project, run_id)

        await AsyncPath(project.folder / "go").touch()
        psutil.Process(old.pid).resume()

        await check(runs, run_id)
        await until(lambda: is_alive(old) == "gone")
        await check(runs, run_id)


async def test_who_was_left_the_end_of_a_cancelled_run_does_not_end_the_episode_that_was_resumed(
    project: Project,
):
    async with runs_of(project) as runs:
        run_id, _ = await begin(runs, project)
        await runs.store.request_cancel(run_id, kill_after=now() + 60_000_000, reason="enough")
        async with create_task_group() as group:
            # One looks at the run until it is over, and has not seen that it was for a moment.
            group.start_soon(end_run, runs.store, run_id)
            await runs.ended(run_id)
            await go_on(runs, project, run_id)
            # Another is only now on its way, as a process of its own is.
            await end_run(runs.store, run_id)

        await AsyncPath(project.folder / "go").touch()

        run = await runs.ended(run_id)
        assert (run.status, run.episode) == (Status.COMPLETED, 2)


async def test_reapers_that_saw_the_dead_worker_do_not_bury_the_episode_that_somebody_resumed(
    project: Project,
):
    async with runs_of(project) as runs:
        run_id, old = await begin(runs, project)
        os.kill(old.pid, signal.SIGKILL)
        await until(lambda: is_alive(old) == "gone")
        buried: list[bool] = []

        async def be_late() -> None:
            # Each has looked before the run was resumed, and acts on it again and again.
            while (await runs.store.get_run(run_id)).status is not Status.COMPLETED:
                buried.append(await bury(runs.store, old))
                await Reaper(runs.store).look()

        async with create_task_group() as group:
            for _ in range(3):
                group.start_soon(be_late)
            await until(lambda: any(buried))
            await go_on(runs, project, run_id)
            await AsyncPath(project.folder / "go").touch()
            await check(runs, run_id)

        assert buried.count(True) == 1
