"""Reads a folder of source code and writes a Markdown report about it.

Try: `s`, enter, and watch `measure`; then another folder: `tuiflow run code_report ~/code/flask`.
"""

import ast
from collections import Counter
from glob import glob
from pathlib import Path

from tuiflow import Condition, Parallel, RunContext, StepInput, Workflow


def find_files(step_input: StepInput) -> list[Path]:
    root = Path(step_input.input or ".").expanduser()
    names = glob("**", root_dir=root, recursive=True)  # passes hidden folders over, so .venv too
    return [root / name for name in sorted(names) if name.endswith((".py", ".sql", ".md"))]


def count_lines(step_input: StepInput) -> dict[str, int]:
    files = step_input.previous_step_content
    return dict(Counter(file.suffix for file in files for _ in file.read_bytes().splitlines()))


def find_todos(step_input: StepInput) -> list[str]:
    texts = [(file, file.read_text(errors="replace")) for file in step_input.previous_step_content]
    lines = [(file, line.strip()) for file, text in texts for line in text.splitlines()]
    return [f"{line} ({file})" for file, line in lines if line.startswith(("# TODO", "# FIXME"))]


def measure_functions(step_input: StepInput, run_context: RunContext) -> list[tuple[int, str]]:
    sizes: list[tuple[int, str]] = []
    for file in run_context.track(step_input.previous_step_content):
        tree = ast.parse(file.read_bytes() if file.suffix == ".py" else b"")
        defs = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        sizes += [(d.end_lineno - d.lineno + 1, f"{d.name} in {file}:{d.lineno}") for d in defs]
    return sorted(sizes, reverse=True)[:8]


def write_report(step_input: StepInput) -> str:
    found = step_input.previous_step_content
    lines = [f"- {count:,} lines of {kind}" for kind, count in found["count_lines"].items()]
    functions = [f"- {size} lines: {name}" for size, name in found["measure_functions"]]
    return "\n".join(["# Code report", "", *lines, "", "## Biggest functions", "", *functions])


def has_todos(step_input: StepInput) -> bool:
    return bool(step_input.get_step_content("find_todos"))


def add_todos(step_input: StepInput) -> str:
    todos = step_input.get_step_content("find_todos")
    return "\n- ".join([f"{step_input.previous_step_content}\n\n## To do\n", *todos])


measure = Parallel(count_lines, find_todos, measure_functions, name="measure")
todos = Condition(name="todos", evaluator=has_todos, steps=[add_todos])
workflow = Workflow(
    name="code_report", description="Reviews code", steps=[find_files, measure, write_report, todos]
)
