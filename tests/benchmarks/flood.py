"""Workers that say far more than anybody reads: keys of a screen meanwhile, and what both hold."""

import statistics
import tempfile
import time
from pathlib import Path
from textwrap import dedent

from tests.benchmarks.table import Figure
from tests.end_to_end.project import Project
from tests.end_to_end.terminal import Terminal

PRESSES = 100
BRANCHES, A_SECOND = 4, 20_000
FLOOD = dedent(
    f"""
    import time
    from tuiflow import Parallel, RunContext, Step, StepInput, Workflow

    RATE = {A_SECOND // BRANCHES}

    def talk(step_input: StepInput, run_context: RunContext) -> None:
        begun, said = time.monotonic(), 0
        while True:
            due = int((time.monotonic() - begun) * RATE)
            for said in range(said, due):
                run_context.log(f"line {{said}} of a step that says what it does")
            said = max(said, due)
            time.sleep(0.005)

    def wait(step_input: StepInput) -> None:
        time.sleep(600)

    talking = [Step(name=f"talk_{{n}}", executor=talk) for n in range({BRANCHES})]
    flood = Workflow(name="flood", steps=[Parallel(*talking, name="all")])
    waiting = [Step(name=f"wait_{{n}}", executor=wait) for n in range({BRANCHES})]
    calm = Workflow(name="calm", steps=[Parallel(*waiting, name="all")])
    """
)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        project = _project(Path(folder))
        calm, flooded = _keys(project, "calm"), _keys(project, "flood")
    name, peer = f"key to screen, {A_SECOND:,} events/s".replace(",", " "), "nothing said"
    return [
        Figure(f"{name}, p50", statistics.median(flooded), "ms", "", peer, statistics.median(calm)),
        Figure(f"{name}, p99", flooded[-2], "ms", "≤ 100 ms", peer, calm[-2]),
    ]


def _project(folder: Path) -> Project:
    (folder / "pyproject.toml").write_text("[project]\nname = 'bench'\nversion = '1'\n")
    project = Project(folder)
    project.write("flood.py", FLOOD)
    return project


def _keys(project: Project, workflow: str) -> list[float]:
    """Milliseconds from a key to the rows it folds away or brings back, sorted."""
    project.run("run", workflow, "--detach")
    try:
        with project.screen() as terminal:
            terminal.wait("watching")
            terminal.press("1", "g", "j")
            terminal.wait("talk_3" if workflow == "flood" else "wait_3")
            terminal.press("2", "g", "j")
            terminal.look(2.0)
            return sorted(_fold(terminal) for _ in range(PRESSES))
    finally:
        project.run("cancel", "--all", "--kill")


def _fold(terminal: Terminal) -> float:
    was_open = "+4" not in terminal.text
    begun = time.monotonic()
    terminal.press("space")
    terminal.wait(lambda shown: ("+4" in shown) is was_open)
    took = (terminal.seen_at - begun) * 1000
    terminal.look(0.1)
    return took
