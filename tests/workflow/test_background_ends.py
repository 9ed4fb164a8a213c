"""How runs end that somebody else waits for, or ends."""

import subprocess
import sys
import threading
from pathlib import Path

import anyio
import pytest

from tests.waiting import PATIENCE
from tuiflow import RunStatus, StepInput, Workflow, WorkflowRunOutput


def fail(step_input: StepInput) -> None:
    raise KeyError("EUR")


async def until_over(workflow: Workflow, run_id: str) -> WorkflowRunOutput:
    with anyio.fail_after(PATIENCE):
        while True:
            run = workflow.get_run(run_id)
            if run is not None and run.has_completed():
                return run
            await anyio.sleep(0.01)


@pytest.mark.parametrize("is_stored", [True, False])
async def test_the_failure_of_a_background_run_is_in_its_output(tmp_path: Path, is_stored: bool):
    workflow = Workflow(name="w", steps=[fail], db=tmp_path / "x.db" if is_stored else False)

    pending = await workflow.arun(background=True)
    run = await until_over(workflow, pending.run_id)

    assert (run.status, run.error) == (RunStatus.ERROR, "KeyError: 'EUR'")
    assert run.failure is not None
    assert run.failure.frames[-1].function == "fail"
    assert run.step_results[0].success is False


CANCEL = """
import sys
from tuiflow import Workflow

workflow = Workflow(name="any", steps=[print], db=sys.argv[1])
print(workflow.cancel_run(sys.argv[2], "from elsewhere"))
"""


def test_a_run_in_a_script_is_cancelled_from_another_process_and_the_script_goes_on(
    tmp_path: Path,
):
    begun = threading.Event()
    told: list[bytes] = []

    def spin(step_input: StepInput) -> None:
        begun.set()
        while True:
            pass

    def cancel() -> None:
        assert begun.wait(PATIENCE)
        command = [sys.executable, "-c", CANCEL, tmp_path / "x.db", "the-run"]
        told.append(subprocess.run(command, capture_output=True, check=True).stdout)

    elsewhere = threading.Thread(target=cancel)
    elsewhere.start()
    run = Workflow(name="w", steps=[spin], db=tmp_path / "x.db").run(run_id="the-run")
    elsewhere.join(PATIENCE)

    assert told == [b"True\n"]
    assert (run.status, run.reason) == (RunStatus.CANCELLED, "from elsewhere")
