"""What a worker leaves behind of a run that has become long."""

import sqlite3
from contextlib import closing

from tests.supervisor.project import Project, runs_of
from tests.waiting import until
from tuiflow.model.status import Status
from tuiflow.store import RunFold

FLOW = """
def step(step_input):
    return 1

steps = [Step(name=f"s{n}", executor=step) for n in range(1100)]
workflow = Workflow(name="w", durability="batch", steps=steps)
"""


async def test_a_worker_keeps_the_folded_state_of_a_long_run_once_it_is_over(project: Project):
    def kept() -> list[int]:
        with closing(sqlite3.connect(project.db.db_file)) as raw:
            return [row[0] for row in raw.execute("SELECT seq FROM snapshots")]

    async with runs_of(project) as runs:
        report = await runs.workers.probe(project.write("flow.py", FLOW))
        run_id = await runs.start(report, "w")
        run = await runs.ended(run_id)
        assert run.status is Status.COMPLETED

        await until(kept)

        assert kept() == [run.last_seq]
        fold: RunFold = runs.store.fold(run_id)
        state = await fold.catch_up()
        assert (state.status, len(state.nodes)) == (Status.COMPLETED, 1101)
        assert [finding async for finding in runs.store.verify(run_id)] == []
