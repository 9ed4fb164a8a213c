"""What is in the database, as another connection sees it, when a step's own code begins."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tuiflow import Parallel, Step, StepInput, Steps, Workflow
from tuiflow.engine import current_context


class Witness:
    """A step's function that reads the database of its own run."""

    def __init__(self, db: Path) -> None:
        self._db = db
        self.seen: dict[str, list[str]] = {}

    def read(self) -> None:
        ctx = current_context()
        with closing(sqlite3.connect(self._db)) as connection:
            rows = connection.execute(
                "SELECT kind, node_path FROM events WHERE run_id = ? ORDER BY seq", (ctx.run_id,)
            )
            self.seen[ctx.node_path] = [f"{kind} {path}" for kind, path in rows]

    async def on_the_loop(self, step_input: StepInput) -> str:
        self.read()
        return "done"

    def in_a_thread(self, step_input: StepInput) -> str:
        self.read()
        return "done"


async def test_a_step_finds_its_own_start_and_every_completion_before_it_committed(
    tmp_path: Path,
) -> None:
    witness = Witness(tmp_path / "runs.db")
    steps = [
        Step(name="a", executor=witness.on_the_loop),
        Step(name="b", executor=witness.in_a_thread),
        Step(name="c", executor=witness.on_the_loop),
    ]
    await Workflow(name="w", steps=steps, db=tmp_path / "runs.db").arun()
    everything = [
        "WorkflowStarted w",
        "StepStarted w/a",
        "StepCompleted w/a",
        "StepStarted w/b",
        "StepCompleted w/b",
        "StepStarted w/c",
    ]
    assert witness.seen == {
        "w/a": everything[:2],
        "w/b": everything[:4],
        "w/c": everything,
    }


async def test_branches_find_their_starts_and_what_they_can_see_committed(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "runs.db")
    branches = [Step(name=f"b{number}", executor=witness.on_the_loop) for number in range(8)]
    before = Step(name="before", executor=witness.on_the_loop)
    after = Step(name="after", executor=witness.on_the_loop)
    steps = [before, Parallel(*branches, name="all"), after]
    await Workflow(name="w", steps=steps, db=tmp_path / "runs.db").arun()
    for number in range(8):
        seen = witness.seen[f"w/all/b{number}"]
        assert {"StepCompleted w/before", f"StepStarted w/all/b{number}"} <= set(seen)
    completed = {f"StepCompleted w/all/b{number}" for number in range(8)}
    assert completed <= set(witness.seen["w/after"])


async def test_branches_that_go_on_together_share_each_commit(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "runs.db")

    def branch(number: int) -> Steps:
        steps = [Step(name=name, executor=witness.on_the_loop) for name in ("first", "second")]
        return Steps(name=f"b{number}", steps=steps)

    steps = [Parallel(*map(branch, range(40)), name="all")]
    await Workflow(name="w", steps=steps, db=tmp_path / "runs.db").arun()
    # Each commit is another length of the log; the log's own thread may add some.
    lengths = {len(witness.seen[f"w/all/b{number}/second"]) for number in range(40)}
    assert len(lengths) <= 20
