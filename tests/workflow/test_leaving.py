"""Runs that their program leaves without an end, and lives on."""

import asyncio  # noqa: TID251 - as a program runs whose main function returns
import gc
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from tests.waiting import until
from tuiflow import RunStatus, StepInput, Workflow
from tuiflow.errors import DatabaseUnusableError
from tuiflow.model.ids import RunId
from tuiflow.store import Lease, Store, WorkerRecord, event_log


def test_a_run_whose_log_has_failed_has_crashed_though_its_program_lives_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(event_log, "LOCKED_SECONDS", 0.1)
    db = tmp_path / "x.db"
    stranger = sqlite3.connect(db, isolation_level=None, check_same_thread=False)

    tries: list[int] = []

    def lock(step_input: StepInput) -> int:
        tries.append(1)
        if len(tries) == 1:
            stranger.execute("BEGIN IMMEDIATE")
            # Longer than the log waits, and shorter than who writes the end of the run.
            threading.Timer(0.8, stranger.execute, ["ROLLBACK"]).start()
        return len(tries)

    workflow = Workflow(name="w", steps=[lock], db=db)
    with closing(stranger), pytest.raises(DatabaseUnusableError, match="locked by another process"):
        workflow.run(run_id="r")

    run = workflow.get_run("r")
    assert run is not None
    assert run.status is RunStatus.crashed
    assert "locked by another process" in run.reason
    assert workflow.resume("r").content == 2


async def test_a_run_that_is_cancelled_before_it_is_claimed_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    workflow = Workflow(name="w", steps=[len], db=tmp_path / "x.db")
    claim = Store.claim_run
    with anyio.CancelScope() as scope:

        async def claim_late(self: Store, run_id: RunId, worker: WorkerRecord) -> Lease | None:
            scope.cancel()
            return await claim(self, run_id, worker)

        monkeypatch.setattr(Store, "claim_run", claim_late)
        await workflow.arun(run_id="r")

    run = await to_thread.run_sync(workflow.get_run, "r")
    assert run is not None
    assert (run.status, run.reason) == (RunStatus.crashed, "its program was interrupted")


# A loop that ends may cancel anyio's task before that has begun with what it was given.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_background_runs_have_an_end_whenever_their_loop_ends(tmp_path: Path):
    def remember(step_input: StepInput, session_state: dict[str, int]) -> None:
        session_state["n"] = 1

    inner = Workflow(name="inner", steps=[remember])
    workflow = Workflow(name="w", steps=[inner, remember], db=tmp_path / "x.db")
    begun: list[str] = []

    async def program(milliseconds: int) -> None:
        run = await workflow.arun(background=True, session_id="s")
        begun.append(run.run_id)
        await asyncio.sleep(milliseconds / 1000)

    for milliseconds in range(0, 30, 2):
        asyncio.run(program(milliseconds))

    async def are_over() -> bool:
        runs = [await workflow.aget_run(run_id) for run_id in begun]
        return all(run is not None and run.has_completed() for run in runs)

    anyio.run(until, are_over)
    gc.collect()  # else another test is told of it
