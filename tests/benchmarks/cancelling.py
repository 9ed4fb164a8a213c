"""From the wish to the end on disk: steps that never look up, one and eight at once."""

import tempfile
import time
from pathlib import Path

import anyio

from tests.benchmarks.table import Figure
from tests.supervisor.project import Project, Runs, runs_of
from tuiflow.model.status import Status
from tuiflow.supervisor import end_run

ROUNDS = 30
FLOW = """
def spin(step_input):
    while True:
        pass

def spins(count):
    return [Step(name=f"s{n}", executor=spin) for n in range(count)]

one = Workflow(name="1", steps=[Parallel(*spins(1))])
eight = Workflow(name="8", steps=[Parallel(*spins(8))])
"""


def measure() -> list[Figure]:
    figures: list[Figure] = []
    for count, budget in ((1, "≤ 300"), (8, "≤ 500")):
        times = sorted(anyio.run(cancel_often, count))
        name = f"cancel to cancelled on disk, {count} spinning"
        p50, p99 = times[len(times) // 2], times[round(len(times) * 0.99) - 1]
        figures += [
            Figure(f"{name}, p50", p50, "ms", budget),
            Figure(f"{name}, p99", p99, "ms"),
        ]
    return figures


async def cancel_often(count: int) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder))
        project.write("spins.py", FLOW)
        async with runs_of(project) as runs:
            return [await cancel_once(runs, project, count) for _ in range(ROUNDS)]


async def cancel_once(runs: Runs, project: Project, count: int) -> float:
    """Milliseconds from asking to the end that everybody can read."""
    report = await runs.workers.probe(project.folder / "spins.py")
    run_id = await runs.start(report, str(count))
    await runs.event(run_id, lambda event: event.node_path.endswith(f"s{count - 1}"))
    begin = time.perf_counter()
    await runs.store.request_cancel(run_id, reason="bench")
    await end_run(runs.store, run_id)
    took = (time.perf_counter() - begin) * 1000
    assert (await runs.store.get_run(run_id)).status is Status.CANCELLED
    return took
