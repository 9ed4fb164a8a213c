"""What a process that runs many workflows holds on to."""

import subprocess
import sys

from tests.benchmarks.table import Figure

EARLY, LATE = 100, 1_000
SCRIPT = f"""
import tempfile
from pathlib import Path

import psutil

from tuiflow import Parallel, StepInput, Workflow


def make(step_input: StepInput) -> str:
    return "x" * 20_000


def look(step_input: StepInput) -> int:
    return len(str(step_input.previous_step_content))


with tempfile.TemporaryDirectory() as folder:
    workflow = Workflow(
        name="bench",
        db=Path(folder) / "bench.db",
        steps=[make, Parallel(look, make, name="both"), look],
    )
    for number in range(1, {LATE} + 1):
        workflow.run("go", session_id="one")
        if number in ({EARLY}, {LATE}):
            print(psutil.Process().memory_info().rss)
"""


def measure() -> list[Figure]:
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    early, late = (int(line) / 1024**2 for line in done.stdout.split())
    name, peer = f"resident after {LATE:,} runs".replace(",", " "), f"after {EARLY}"
    return [Figure(name, late, "MiB", "≤ 1.05 ×", peer, early)]
