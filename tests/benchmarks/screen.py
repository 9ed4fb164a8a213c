"""What the fingers feel: the real command in a real terminal, workers and all."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.table import Figure, median_of
from tests.end_to_end.project import SPIN, Project
from tests.end_to_end.terminal import Terminal, open_terminal

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
        project.run("list")
        ours = median_of(7, lambda: first_paint(lambda: project.screen(), "spin"))
        bare = median_of(7, lambda: one_static(project))
        starts, cancels, saves = [], [], []
        with project.screen() as terminal:
            terminal.wait("spin")
            for round_number in range(7):
                starts.append(start(terminal))
                cancels.append(cancel(terminal))
                saves.append(save(project, terminal, round_number))
    return [
        Figure("start to first paint", ours, "ms", "≤ 1.3 ×", "one Static", bare),
        Figure("key to first StepStarted on screen", middle(starts), "ms", "≤ 150 ms"),
        Figure("y to cancelled, one spinning sync step", middle(cancels), "ms", "≤ 300 ms"),
        Figure("save to new tree", middle(saves), "ms", "≤ 500 ms"),
    ]


def middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def make_project(folder: Path) -> Project:
    (folder / "pyproject.toml").write_text("[project]\nname = 'bench'\nversion = '1'\n")
    project = Project(folder)
    project.write("spin.py", SPIN)
    (folder / "one_static.py").write_text(ONE_STATIC)
    return project


def first_paint(open_screen: Callable, text: str) -> float:
    begin = time.perf_counter()
    with open_screen() as terminal:
        terminal.wait(text)
        return (time.perf_counter() - begin) * 1000


def one_static(project: Project) -> float:
    command = [sys.executable, "one_static.py"]
    return first_paint(lambda: open_terminal(command, cwd=project.folder), "hello from one static")


def start(terminal: Terminal) -> float:
    terminal.press("1", "g", "s")
    terminal.wait("Start a run")
    terminal.read(1.5)
    begin = time.perf_counter()
    terminal.press("enter")
    terminal.wait("▸ spin ")
    return (time.perf_counter() - begin) * 1000


def cancel(terminal: Terminal) -> float:
    terminal.press("x")
    terminal.wait("y cancel")
    begin = time.perf_counter()
    terminal.press("y")
    terminal.wait("⊗ spin")
    return (time.perf_counter() - begin) * 1000


def save(project: Project, terminal: Terminal, round_number: int) -> float:
    name = f"fresh{round_number}"
    terminal.press("1", "g")
    terminal.read(1.0)
    begin = time.perf_counter()
    project.write("spin.py", SPIN.replace('name="both"', f'name="{name}"'))
    terminal.wait(name)
    return (time.perf_counter() - begin) * 1000
