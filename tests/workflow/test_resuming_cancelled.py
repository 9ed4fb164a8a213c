"""Branches that were cancelled for another one's failure, in a run that goes on."""

from pathlib import Path

import anyio
import pytest

from tests.workflow.ledger import Ledger
from tuiflow import Parallel, Step, Workflow
from tuiflow.errors import StepFailedError
from tuiflow.model import events as ev
from tuiflow.model.status import Status


@pytest.mark.parametrize("slow_first", [True, False])
def test_a_branch_cancelled_in_a_parallel_that_was_passed_over_does_not_run_again(
    ledger: Ledger, tmp_path: Path, slow_first: bool
):
    began = anyio.Event()

    async def slow() -> None:
        ledger.note("slow")
        began.set()
        await anyio.sleep_forever()

    async def breaks() -> None:
        ledger.note("breaks")
        await began.wait()
        raise ValueError("always")

    pair = [Step(name="slow", executor=slow), Step(name="breaks", executor=breaks)]
    workflow = Workflow(
        name="w",
        steps=[
            Parallel(*pair[:: 1 if slow_first else -1], fail_fast=True, on_error="skip", name="p"),
            ledger.step("last"),
        ],
        db=tmp_path / "db",
    )
    ledger.broken = {"last"}
    with pytest.raises(StepFailedError):
        workflow.run(run_id="r")

    output = workflow.resume("r")

    assert output.status is Status.COMPLETED
    assert ledger.calls == {"slow": 1, "breaks": 1, "last": 2}
    ends = [e for e in output.events if isinstance(e, ev.ParallelExecutionCompletedEvent)]
    assert [(e.outcome, e.failure and e.failure.message) for e in ends] == [("error", "always")] * 2
