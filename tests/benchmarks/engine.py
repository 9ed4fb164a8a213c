"""What a step costs that does nothing: events in SQLite, write-ahead and in batches."""

import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.table import Figure, median_of
from tuiflow import Parallel, Step, StepInput, Steps, Workflow

STEPS = 1_000
TEN_FOLD = 10 * STEPS
BRANCHES, EACH = 1_000, 10
DEEP = 50
RUNS, PAIRS = 200, 50


async def nothing(step_input: StepInput) -> None:
    pass


def measure() -> list[Figure]:
    default = median_of(5, lambda: microseconds_per_step(sequence(STEPS), STEPS))
    batch = median_of(5, lambda: microseconds_per_step(sequence(STEPS, "batch"), STEPS))
    memory = median_of(5, lambda: microseconds_per_step(sequence(STEPS), STEPS, in_memory=True))
    long = median_of(3, lambda: microseconds_per_step(sequence(TEN_FOLD), TEN_FOLD))
    wide = median_of(3, lambda: microseconds_per_step(branches(), BRANCHES * EACH))
    deep = median_of(3, lambda: microseconds_per_step(nested(DEEP, STEPS), STEPS))
    single = median_of(9, lambda: milliseconds_of_a_run(sequence(1)))
    first, last = first_and_last_of_a_session()
    row = f"{STEPS:,} in a row".replace(",", " ")
    return [
        Figure("no-op step, every commit waited for", default, "µs", "≤ 400", "in memory", memory),
        Figure("no-op step, durability batch", batch, "µs", "≤ 150", "in memory", memory),
        Figure("no-op step, 10 000 in a row", long, "µs", "≤ 1.1 ×", row, default),
        Figure("no-op step, 1 000 branches × 10", wide, "µs", "≤ 1.1 ×", row, default),
        Figure(f"no-op step, {DEEP} deep", deep, "µs", "", row, default),
        Figure("a run of one step", single, "ms"),
        Figure(f"run {RUNS} of a session", last, "µs", "≤ 1.1 ×", "the first", first),
    ]


def sequence(count: int, durability: str = "step") -> dict[str, object]:
    steps = [Step(name=f"s{number}", executor=nothing) for number in range(count)]
    return {"steps": steps, "durability": durability}


def branches() -> dict[str, object]:
    def branch(number: int) -> Steps:
        steps = [Step(name=f"s{at}", executor=nothing) for at in range(EACH)]
        return Steps(name=f"b{number}", steps=steps)

    return {"steps": [Parallel(*map(branch, range(BRANCHES)), name="wide")]}


def nested(depth: int, count: int) -> dict[str, object]:
    inside = Steps(name="d", steps=sequence(count)["steps"])
    for _ in range(depth):
        inside = Steps(name="d", steps=[inside])
    return {"steps": [inside]}


def microseconds_per_step(made: dict[str, object], count: int, *, in_memory: bool = False) -> float:
    """What each step adds to a run, which costs the same once, whatever is in it."""
    run = milliseconds_of_a_run(sequence(1), in_memory=in_memory)
    return (milliseconds_of_a_run(made, in_memory=in_memory) - run) / (count - 1) * 1e3


def milliseconds_of_a_run(made: dict[str, object], *, in_memory: bool = False) -> float:
    with tempfile.TemporaryDirectory() as folder:
        db = False if in_memory else Path(folder) / "bench.db"
        # The database is there already: making it takes 30 ms, once in a project's life.
        Workflow(name="warm", db=db, steps=[nothing]).run("go")
        workflow = Workflow(name="bench", db=db, **made)  # type: ignore[arg-type]
        begin = time.perf_counter()
        workflow.run("go")
        return (time.perf_counter() - begin) * 1e3


def first_and_last_of_a_session() -> tuple[float, float]:
    """Microseconds of a run that keeps state and looks back, in new sessions and in a long one."""

    def talk(step_input: StepInput, session_state: dict[str, int]) -> int:
        session_state["turn"] = session_state.get("turn", 0) + 1
        return len(step_input.get_workflow_history(3))

    with tempfile.TemporaryDirectory() as folder:
        workflow = Workflow(name="bench", db=Path(folder) / "bench.db", steps=[talk])
        for _ in range(RUNS):
            workflow.run("go", session_id="long")
        # In turn, so that what the machine does meanwhile falls on both.
        pairs = [
            (_microseconds(workflow, f"new {number}"), _microseconds(workflow, "long"))
            for number in range(PAIRS)
        ]
    first, last = zip(*pairs, strict=True)
    return statistics.median(first), statistics.median(last)


def _microseconds(workflow: Workflow, session_id: str) -> float:
    begin = time.perf_counter()
    workflow.run("go", session_id=session_id)
    return (time.perf_counter() - begin) * 1e6
