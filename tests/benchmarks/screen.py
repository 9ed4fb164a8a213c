"""What the fingers feel: the real command in a real terminal, workers and all."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.benchmarks.table import Figure
from tests.end_to_end.project import SPIN, Project
from tests.end_to_end.terminal import Terminal, open_terminal

IDLE_SECONDS = 10.0
ONE_STATIC = """
from textual.app import App
from textual.widgets import Static

class OneStatic(App):
    def compose(self):
        yield Static("hello from one static")

OneStatic().run()
"""


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        project = make_project(Path(folder))
        with project.screen() as terminal:
            terminal.wait("watching")
            terminal.press("q")
            terminal.wait_exit()
        openings: list[tuple[float, float, float]] = []
        for _ in range(9):
            # In turn: a machine is not as quick in one minute as in the next.
            ours = first_paint(project.screen, "spin")
            openings.append((ours, first_paint(project.screen, "watching"), one_static(project)))
        ours, live, bare = map(statistics.median, zip(*openings, strict=True))
        starts, cancels, saves = [], [], []
        try:
            with project.screen() as terminal:
                terminal.wait("watching")
                idle_cpu, idle_bytes = idle(terminal)
                for round_number in range(7):
                    starts.append(start(terminal))
                    cancels.append(cancel(terminal))
                    saves.append(save(project, terminal, round_number))
        finally:
            project.run("cancel", "--all", "--kill")
    return [
        Figure("start to first paint", ours, "ms", "≤ 1.3 ×", "one Static", bare),
        Figure("start to a list that is live", live, "ms", "", "one Static", bare),
        Figure("key to first StepStarted on screen", statistics.median(starts), "ms", "≤ 150 ms"),
        Figure(
            "y to cancelled, one spinning sync step", statistics.median(cancels), "ms", "≤ 300 ms"
        ),
        Figure("save to new tree", statistics.median(saves), "ms", "≤ 500 ms"),
        Figure("idle, processor", idle_cpu, "%", "< 1 %"),
        Figure("idle, written to the terminal", idle_bytes, "bytes", "0"),
    ]


def idle(terminal: Terminal) -> tuple[float, int]:
    """Share of one core in percent, and bytes written, in ten seconds without anything to do."""
    terminal.read(4.0)
    while terminal.read(2.0):
        pass
    process = psutil.Process(terminal.process.pid)
    before, written = process.cpu_times(), len(terminal.raw)
    terminal.read(IDLE_SECONDS)
    after = process.cpu_times()
    spent = after.user + after.system - before.user - before.system
    return spent / IDLE_SECONDS * 100, len(terminal.raw) - written


def make_project(folder: Path) -> Project:
    (folder / "pyproject.toml").write_text("[project]\nname = 'bench'\nversion = '1'\n")
    project = Project(folder)
    project.write("spin.py", SPIN)
    (folder / "one_static.py").write_text(ONE_STATIC)
    return project


def first_paint(open_screen: Callable, text: str) -> float:
    begin = time.monotonic()
    with open_screen() as terminal:
        return seen(terminal, text, begin)


def seen(terminal: Terminal, text: str, begin: float) -> float:
    """Milliseconds from `begin` until what was written shows this text."""
    terminal.wait(text)
    return (terminal.seen_at - begin) * 1000


def one_static(project: Project) -> float:
    command = [sys.executable, "one_static.py"]
    return first_paint(lambda: open_terminal(command, cwd=project.folder), "hello from one static")


def start(terminal: Terminal) -> float:
    terminal.press("1", "g", "s")
    terminal.wait("Start a run")
    terminal.read(1.5)
    begin = time.monotonic()
    terminal.press("enter")
    return seen(terminal, "▸ spin ", begin)


def cancel(terminal: Terminal) -> float:
    terminal.press("x")
    terminal.wait("y cancel")
    begin = time.monotonic()
    terminal.press("y")
    return seen(terminal, "⊗ spin", begin)


def save(project: Project, terminal: Terminal, round_number: int) -> float:
    name = f"fresh{round_number}"
    terminal.press("1", "g")
    terminal.read(1.0)
    begin = time.monotonic()
    project.write("spin.py", SPIN.replace('name="both"', f'name="{name}"'))
    return seen(terminal, name, begin)
