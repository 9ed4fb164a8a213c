"""Runs that are long or many: opening one, going on after 10 000 steps, twenty at once."""

import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import anyio

from tests.benchmarks.engine import nothing
from tests.benchmarks.frames import SIZE
from tests.benchmarks.table import Figure
from tuiflow import Loop, Step, StepInput, Workflow
from tuiflow.errors import StepFailedError
from tuiflow.model.events import Event
from tuiflow.model.ids import RunId
from tuiflow.service import Service, open_service
from tuiflow.store import SqliteDb, open_store
from tuiflow.tui.app import TuiflowApp
from tuiflow.tui.screens.home.runs import RunsScreen

TURNS, IN_A_TURN = 10_000, 4
FINISHED = 10_000
AT_ONCE, EACH = 20, 100
LONG_WAIT = 1_000_000  # microseconds
ONE_OF_MANY = f"""
import sys
from tuiflow import Step, Workflow

async def nothing(step_input):
    pass

steps = [Step(name=f"s{{n}}", executor=nothing) for n in range({EACH})]
Workflow(name="many", db=sys.argv[1], steps=steps).run("go")
"""


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        return [*_opening(Path(folder)), *_resuming(Path(folder)), *_many(Path(folder))]


def _opening(folder: Path) -> list[Figure]:
    (folder / "pyproject.toml").write_text("[project]\nname = 'bench'\nversion = '1'\n")
    (folder / "workflows").mkdir()
    db = folder / "long.db"
    steps = [Step(name=f"s{at}", executor=nothing) for at in range(IN_A_TURN)]
    loop = Loop(name="again", steps=steps, max_iterations=TURNS)
    Workflow(name="long", db=db, steps=[loop], durability="batch").run("go")
    # The screen begins with the newest run: let that be another one.
    Workflow(name="short", db=db, steps=[nothing]).run("go")
    first, again = anyio.run(_open_twice, folder, db)
    name = f"open a run of {TURNS * (2 + 2 * IN_A_TURN):,} events".replace(",", " ")
    return [Figure(name, again, "ms", "≤ 300 ms", "folded for the first time", first)]


async def _open_twice(folder: Path, db: Path) -> tuple[float, float]:
    opened: list[float] = []
    for _ in range(2):
        async with open_service(target=folder / "workflows", db=str(db), watch=False) as service:
            opened.append(await _open(service))
    return opened[0], opened[1]


async def _open(service: Service) -> float:
    """Milliseconds from the wish to see a run to the frame that has all of it."""
    home = RunsScreen(service)
    await home.prepare()
    async with TuiflowApp(home).run_test(size=SIZE) as pilot:
        await pilot.pause()
        (run,) = await service.list_runs(workflow_name="long")
        begun = time.perf_counter()
        home.go_to_run(run.run_id)
        while home.steps.state.seq < run.last_seq:
            await pilot.pause(0.001)
        await pilot.pause()
        return (time.perf_counter() - begun) * 1000


def _resuming(folder: Path) -> list[Figure]:
    has_failed = False

    async def last(step_input: StepInput) -> None:
        nonlocal has_failed
        has_failed = not has_failed
        if has_failed:
            raise ValueError("not yet")

    steps = [Step(name=f"s{at}", executor=nothing) for at in range(FINISHED)]
    workflow = Workflow(name="resumed", db=folder / "resumed.db", steps=[*steps, last])
    begun = time.perf_counter()
    with suppress(StepFailedError):
        workflow.run("go")
    ran = (time.perf_counter() - begun) * 1000
    run_id = anyio.run(_last_run, folder / "resumed.db")
    begun = time.perf_counter()
    workflow.resume(run_id)
    resumed = (time.perf_counter() - begun) * 1000
    name = f"resume after {FINISHED:,} finished steps".replace(",", " ")
    return [Figure(name, resumed, "ms", "", "running them", ran)]


async def _last_run(db: Path) -> RunId:
    async with open_store(SqliteDb(db)) as store:
        return await store.find_run("last")


def _many(folder: Path) -> list[Figure]:
    db = folder / "many.db"
    command = [sys.executable, "-c", ONE_OF_MANY, str(db)]
    subprocess.run(command, check=True)  # so that the database is there
    started = [subprocess.Popen(command) for _ in range(AT_ONCE)]
    failed = sum(process.wait() != 0 for process in started)
    waits = sorted(anyio.run(_waits, db))
    long = sum(wait > LONG_WAIT for wait in waits) / len(waits) * 100
    name = f"{AT_ONCE} runs at once"
    return [
        Figure(f"{name}, failed", failed, "", "0"),
        Figure(f"{name}, commits that wait over 1 s", long, "%", "≤ 1 %"),
        Figure(f"{name}, a commit's wait, p99", waits[len(waits) * 99 // 100] / 1000, "ms"),
    ]


async def _waits(db: Path) -> list[int]:
    """Microseconds between a step's start and the next one's: there is nothing to do but commit."""
    waits: list[int] = []
    async with open_store(SqliteDb(db)) as store:
        for run in await store.list_runs():
            pages = [page async for page in store.tree_pages(run.run_id)]
            starts: list[Event] = [e for page in pages for e in page if e.kind == "StepStarted"]
            waits += [after.at - before.at for before, after in pairwise(starts)]
    return waits
