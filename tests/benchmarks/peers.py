"""The same no-op steps in Agno, where it is installed: `pip install --group agno`."""

import os
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio

from tests.benchmarks.engine import STEPS, microseconds_per_step, sequence
from tests.benchmarks.table import Figure, median_of


def measure() -> list[Figure]:
    if find_spec("agno") is None:
        print("agno is not installed: no rows beside it", file=sys.stderr)  # noqa: T201
        return []
    default = median_of(5, lambda: microseconds_per_step(sequence(STEPS), STEPS))
    batch = median_of(5, lambda: microseconds_per_step(sequence(STEPS, "batch"), STEPS))
    in_memory = median_of(5, lambda: agno_step(stored=False))
    stored = median_of(5, lambda: agno_step(stored=True))
    peer = "agno, events in memory"
    return [
        Figure("no-op step, durability batch", batch, "µs", "≤ 1 ×", peer, in_memory),
        Figure("no-op step, every commit waited for", default, "µs", "", peer, in_memory),
        Figure("the same", default, "µs", "", "agno, stored at the end", stored),
    ]


def agno_step(*, stored: bool) -> float:
    """Microseconds that each of many steps in a row adds to a run, all events read."""
    run = agno_run(1, stored=stored)
    return (agno_run(STEPS, stored=stored) - run) / (STEPS - 1) * 1e6


def agno_run(count: int, *, stored: bool) -> float:
    """Seconds of a run of so many steps."""
    os.environ["AGNO_TELEMETRY"] = "false"
    # Deferred: only here is it wanted, and only where it is installed.
    from agno.db.sqlite import SqliteDb
    from agno.workflow import Step, StepInput, StepOutput, Workflow

    async def nothing(step_input: StepInput) -> StepOutput:
        return StepOutput(content="")

    async def run(db: Any) -> float:
        steps = [Step(name=f"s{number}", executor=nothing) for number in range(count)]
        workflow = Workflow(name="bench", steps=steps, db=db, telemetry=False)
        begin = time.perf_counter()
        async for _ in workflow.arun("go", stream=True, stream_events=True):
            pass
        return time.perf_counter() - begin

    with tempfile.TemporaryDirectory() as folder:
        db = SqliteDb(db_file=str(Path(folder) / "agno.db")) if stored else None
        return anyio.run(run, db)
