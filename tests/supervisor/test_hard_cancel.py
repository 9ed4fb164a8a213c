"""Code that does its best not to be cancelled, and what it started: nothing of a run stays."""

from contextlib import suppress

import psutil
import pytest

from tests.supervisor.hard_steps import STEPS
from tests.supervisor.project import Project, Runs, runs_of
from tests.tracing import UNTRACED
from tests.waiting import PATIENCE, until
from tuiflow.model.events import RUN_END_KINDS
from tuiflow.model.ids import RunId
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.supervisor import end_run

LONG, SHORT = PATIENCE * 2, 1.0  # seconds of grace


async def cancelled(
    runs: Runs, project: Project, name: str, *, grace: float, count: int = 1
) -> tuple[RunId, RunState]:
    """Run so many of these steps at once, cancel once one is at it, and check what always holds."""
    flow = f"""
slow = [Step(name=f"slow{{n}}", executor={name}) for n in range({count})]
workflow = Workflow(name="hard", cancel_grace={grace}, steps=[quick, Parallel(*slow, name="all")])
"""
    report = await runs.workers.probe(project.write("hard.py", STEPS + flow))
    assert report.failure is None
    run_id = await runs.start(report, "hard")
    await until((project.folder / "ready").exists)

    await runs.store.request_cancel(run_id, reason="enough")
    await end_run(runs.store, run_id)
    run = await runs.ended(run_id)

    events = await runs.events(run_id)
    ends = [event.event for event in events if event.event in RUN_END_KINDS]
    state = RunState().after(events)
    found = {node.name: node for node in state.nodes.values()}
    assert (run.status, run.reason) == (Status.CANCELLED, "enough")
    assert ends == [events[-1].event] == ["WorkflowCancelled"]
    assert found["quick"].content is not None
    assert found["quick"].content.value == "kept"
    assert {found[f"slow{n}"].status for n in range(count)} == {Status.CANCELLED}
    await until(lambda: signed_with(run_id) == [])
    return run_id, state


def signed_with(run_id: RunId) -> list[int]:
    """List the processes with this run's id in their environment."""
    found: list[int] = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("TUIFLOW_RUN_ID") == run_id:
                found.append(process.pid)
    return found


async def own_ends(runs: Runs, run_id: RunId) -> int:
    """Count the steps that said themselves that they were cancelled."""
    return [event.event for event in await runs.events(run_id)].count("StepCancelled")


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("spin", 1),
        ("spin", 8),
        ("inside_with", 1),
        ("naps", 1),
        ("clean_a_second", 1),
        ("clean_a_second", 8),
        ("clean_a_second_async", 1),
    ],
)
async def test_code_that_can_hear_runs_its_cleanup_to_the_end(
    project: Project, name: str, count: int
):
    async with runs_of(project) as runs:
        run_id, _ = await cancelled(runs, project, name, grace=LONG, count=count)

        assert await own_ends(runs, run_id) == count
        assert (project.folder / ("with" if name == "inside_with" else "finally")).exists()


@pytest.mark.parametrize(
    "name", [pytest.param("sleep", marks=UNTRACED), "swallow", "clean_for_ever"]
)
async def test_a_thread_that_does_not_end_is_left_behind_with_the_place_it_was_at(
    project: Project, name: str
):
    async with runs_of(project) as runs:
        run_id, _ = await cancelled(runs, project, name, grace=SHORT)

        assert await own_ends(runs, run_id) == 1
        (log,) = await runs.logs(run_id)
        assert "did not end at the cancel, at hard.py:" in log[3]
        assert not (project.folder / "finally").exists()


@pytest.mark.parametrize(
    ("name", "count"),
    [("count", 1), ("count", 8), ("backtrack", 1), ("swallow_async", 1), ("shielded", 1)],
)
async def test_code_that_lets_nobody_else_run_is_killed_past_its_grace(
    project: Project, name: str, count: int
):
    async with runs_of(project) as runs:
        run_id, state = await cancelled(runs, project, name, grace=SHORT, count=count)

        assert await own_ends(runs, run_id) == 0
        assert state.run.reason == "enough"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("child", marks=UNTRACED),
        pytest.param("child_in_session", marks=UNTRACED),
        "child_async",
    ],
)
async def test_what_a_step_waits_for_ends_at_once_with_it(project: Project, name: str):
    async with runs_of(project) as runs:
        run_id, _ = await cancelled(runs, project, name, grace=LONG)

        assert await own_ends(runs, run_id) == 1


async def test_what_a_step_has_started_may_clean_up_for_as_long_as_the_step(project: Project):
    async with runs_of(project) as runs:
        await cancelled(runs, project, "cleaning_child", grace=LONG)

        assert (project.folder / "finally").exists()


@pytest.mark.parametrize("name", ["deaf_child", "forgotten_child"])
async def test_what_does_not_want_to_end_is_killed_in_whatever_session_it_is(
    project: Project, name: str
):
    async with runs_of(project) as runs:
        await cancelled(runs, project, name, grace=SHORT)


async def test_a_fork_with_a_session_of_its_own_is_found_by_its_parents(project: Project):
    async with runs_of(project) as runs:
        await cancelled(runs, project, "forked_child", grace=SHORT)

        pid = int((project.folder / "forked").read_text())
        await until(lambda: not is_running(pid))


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
