"""Tortures the workflow that has everything, and compares its log with what it really did."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio

from tuiflow.model.events import Event
from tuiflow.store import SqliteDb, open_store

INTERRUPTED = 130
WORKFLOW = Path(__file__).with_name("everything.py")


def kill_again_and_again(
    folder: Path,
    *,
    kills: int,
    seed: int | None = None,
    on_started: Callable[["subprocess.Popen[str]"], object] = lambda process: None,
) -> dict[str, Any]:
    """Give the report; raises AssertionError where log and ledger disagree, or it says so.

    Of one that was interrupted, what was done by then is compared all the same.
    """
    ledger, db = folder / "ledger", folder / "runs.db"
    command = [sys.executable, "-m", "tuiflow", "torture", f"{WORKFLOW}:everything", "--json"]
    command += ["--db", str(db), "--kills", str(kills), "--input", json.dumps(str(ledger))]
    command += [] if seed is None else ["--seed", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        on_started(process)
        assert process.stdout is not None
        said = process.stdout.read()
    assert said, f"it reports nothing, and left with {process.returncode}"
    report = json.loads(said)
    code = 0 if report["is_whole"] else INTERRUPTED
    assert (process.returncode, report["findings"]) == (code, []), report
    assert report["kills"] >= kills or not report["is_whole"]
    check_ledger(ledger.read_text().splitlines(), anyio.run(_read_all, db), report["seed"])
    return report


def check_ledger(lines: list[str], events: list[Event], seed: int) -> None:
    """Compare what steps really did with what the log says of them."""
    twice = [line for line, count in Counter(lines).items() if count > 1]
    assert not twice, f"seed {seed}: these attempts were made twice: {twice}"
    told = {f"{e.run_id}:{e.node_path} {e.attempt}" for e in events if e.kind == "StepStarted"}
    untold = set(lines) - told
    assert not untold, f"seed {seed}: these were made and not recorded first: {untold}"
    last: dict[str, int] = {}
    for line in lines:
        name, _, attempt = line.rpartition(" ")
        last[name] = max(last.get(name, 0), int(attempt))
    for event in events:
        if event.kind == "StepCompleted":
            name = f"{event.run_id}:{event.node_path}"
            assert last[name] == event.attempt, f"seed {seed}: {name} went on after its end"


async def _read_all(path: Path) -> list[Event]:
    events: list[Event] = []
    async with open_store(SqliteDb(path)) as store:
        for run in await store.list_runs(limit=10_000):
            seq = 0
            while page := await store.events_after(run.run_id, seq):
                events.extend(page)
                seq = page[-1].seq
    return events
