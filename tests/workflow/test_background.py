import subprocess
import sys
import time
from pathlib import Path

import pytest

from tuiflow import RunStatus, StepInput, Workflow, WorkflowRunOutput
from tuiflow.errors import InputError, WorkerError

SCRIPT = """
import asyncio, os, sys, time
from pydantic import BaseModel
from tuiflow import RunContext, StepInput, Workflow


class Order(BaseModel):
    count: int


class Told(BaseModel):
    count: int
    pid: int
    metadata: dict


def tell(step_input: StepInput, run_context: RunContext) -> Told:
    print("from the worker, with", run_context.session_state)
    return Told(count=step_input.input.count, pid=os.getpid(), metadata=run_context.metadata)


def spin(step_input: StepInput) -> None:
    while True:
        pass


workflow = Workflow(name="told", steps=[tell], db="runs.db", input_schema=Order)
spinning = Workflow(name="spinning", steps=[spin], db="runs.db")


async def main() -> None:
    own = {"metadata": {"k": 1}, "session_state": {"n": 2}}
    started = await workflow.arun(Order(count=3), background="process", **own)
    assert started.status == "pending"
    while True:
        run = workflow.get_run(started.run_id)
        if run.has_completed():
            break
        await asyncio.sleep(0.05)
    assert isinstance(run.content, Told), run
    assert run.content.pid != os.getpid()
    print(run.status, run.content.count, run.content.metadata, run.input)
    print([event.text for event in run.events if event.event == "StepLog"])


async def leave() -> None:
    started = await spinning.arun(background="process")
    while not (run := spinning.get_run(started.run_id)).step_results:
        await asyncio.sleep(0.05)
    print(started.run_id)


if __name__ == "__main__":
    asyncio.run(main() if sys.argv[1:] == ["wait"] else leave())
"""


def run_script(folder: Path, *arguments: str) -> str:
    (folder / "script.py").write_text(SCRIPT)
    (folder / "pyproject.toml").write_text("")
    command = [sys.executable, "script.py", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_for(workflow: Workflow, run_id: str) -> WorkflowRunOutput:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        run = workflow.get_run(run_id)
        if run is not None and run.has_completed():
            return run
        time.sleep(0.05)
    raise TimeoutError(run_id)


def look(step_input: StepInput) -> object:
    return step_input.input


def test_background_process_gives_the_run_a_worker_of_its_own(tmp_path: Path):
    told = run_script(tmp_path, "wait").splitlines()

    assert told == ["completed 3 {'k': 1} {'count': 3}", "[\"from the worker, with {'n': 2}\"]"]


def test_a_run_in_a_process_of_its_own_outlives_its_starter_and_is_cancelled_from_another(
    tmp_path: Path,
):
    run_id = run_script(tmp_path, "leave").strip()
    elsewhere = Workflow(name="spinning", steps=[look], db=tmp_path / "runs.db")

    before = elsewhere.get_run(run_id)
    assert before is not None
    assert before.status is RunStatus.RUNNING
    assert elsewhere.cancel_run(run_id, "seen enough")
    run = wait_for(elsewhere, run_id)

    assert (run.status, run.reason) == (RunStatus.CANCELLED, "seen enough")
    assert elsewhere.cancel_run(run_id) is False


async def test_a_run_that_no_worker_can_start_is_ended_with_the_reason(tmp_path: Path):
    file = tmp_path / "no_such_workflow.py"
    file.write_text("import tuiflow")
    workflow = Workflow(name="w", steps=[look], db=tmp_path / "runs.db")
    object.__setattr__(workflow.definition, "file", str(file))

    started = await workflow.arun("x", background="process")
    run = wait_for(workflow, started.run_id)

    assert run.status is RunStatus.CRASHED
    assert "has no workflow 'w' at its top level" in run.reason


async def test_a_run_that_no_process_can_be_started_for_is_ended_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    workflow = Workflow(name="w", steps=[look], db=tmp_path / "runs.db")
    monkeypatch.setenv("TOO_MUCH", "x" * 2_000_000)  # for the system to start anything with

    with pytest.raises(WorkerError, match="no process can be started: Argument list too long"):
        await workflow.arun("x", background="process", run_id="refused")

    run = workflow.get_run("refused")
    assert run is not None
    assert run.status is RunStatus.CRASHED
    assert run.reason == "not started: no process can be started: Argument list too long"


async def test_what_cannot_cross_to_another_process_is_refused_at_start_with_the_reason(
    tmp_path: Path,
):
    workflow = Workflow(name="w", steps=[look], db=tmp_path / "runs.db")

    with pytest.raises(InputError, match="its input, object, has no stored form"):
        await workflow.arun(object(), background="process")
    with pytest.raises(InputError, match="its session_state has no stored form"):
        await workflow.arun(1, background="process", session_state={"k": object()})
    with pytest.raises(InputError, match="dependencies= of a run stay in this process"):
        await workflow.arun(1, background="process", dependencies={"k": 1})
    with pytest.raises(InputError, match="db=False"):
        await Workflow(name="w", steps=[look], db=False).arun(1, background="process")

    assert not (tmp_path / "runs.db").exists()


def test_a_run_started_by_an_import_is_refused(tmp_path: Path):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "flow.py").write_text(
        "from tuiflow import Workflow\n"
        "workflow = Workflow(name='w', steps=[lambda s: 1])\n"
        "workflow.run()\n"
    )
    command = [sys.executable, "-m", "tuiflow", "list", "--json"]
    listed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=50)

    assert "put the start under `if __name__ ==" in listed.stdout + listed.stderr


def test_a_background_run_whose_process_ends_first_is_crashed(tmp_path: Path):
    script = (
        "import anyio, os, sys, time\n"
        "from dataclasses import replace\n"
        "from tuiflow import Workflow\n"
        "workflow = Workflow(name='w', steps=[lambda s: time.sleep(60)], db=sys.argv[1])\n"
        "async def main():\n"
        "    run = await workflow.arun(run_id='the-run', background=True)\n"
        "    while not workflow.get_run(run.run_id).step_results: await anyio.sleep(0.01)\n"
        "    start = workflow._start(None, {'run_id': 'not-begun'})\n"
        "    start = replace(start, created_at=start.created_at - 2_000_000)\n"
        "    await workflow._kept().create(workflow.definition, start)\n"
        "    os.kill(os.getpid(), 9)\n"
        "anyio.run(main)\n"
    )
    db = tmp_path / "x.db"
    subprocess.run([sys.executable, "-c", script, str(db)], timeout=50, check=False)

    workflow = Workflow(name="w", steps=[look], db=db)
    run, not_begun = workflow.get_run("the-run"), workflow.get_run("not-begun")

    assert run is not None
    assert run.status is RunStatus.CRASHED
    assert run.has_completed()
    assert [event.event for event in run.events][-1] == "WorkflowCrashed"
    assert not_begun is not None
    assert (not_begun.status, not_begun.reason) == (
        RunStatus.CRASHED,
        "not started: whatever was to start it ended before it was claimed",
    )
    assert [event.event for event in not_begun.events] == ["WorkflowCrashed"]


@pytest.mark.parametrize("is_stored", [True, False])
async def test_a_run_cancelled_before_it_has_started_never_starts(tmp_path: Path, is_stored: bool):
    called: list[object] = []
    db = tmp_path / "x.db" if is_stored else False
    workflow = Workflow(name="w", steps=[called.append], db=db)
    start = workflow._start("x", {"run_id": "r"})
    await workflow._kept().create(workflow.definition, start)

    assert await workflow.acancel_run("r", "changed my mind")
    run = await workflow._execute(start)

    assert (run.status, run.reason) == (RunStatus.CANCELLED, "changed my mind")
    assert [event.event for event in run.events] == ["WorkflowCancelled"]
    assert called == []
    assert not await workflow.acancel_run("r")
