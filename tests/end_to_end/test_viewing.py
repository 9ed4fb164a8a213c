"""Lending the terminal to a pager and an editor: real programs, on a real terminal."""

from pathlib import Path

import pytest

from tests.end_to_end.project import TUIFLOW, Project
from tests.end_to_end.terminal import open_terminal

pytestmark = pytest.mark.timeout(90)
LONG = """
from tuiflow import Workflow

def speak(step_input):
    return ["word %d" % number for number in range(20_000)]

def fail(step_input):
    raise KeyError("EUR")

workflow = Workflow(name="long", steps=[speak, fail])
"""
ASKS = """
from pydantic import BaseModel
from tuiflow import Workflow

class Asked(BaseModel):
    note: str = "one"
    count: int = 1

def speak(step_input):
    return [step_input.input.note, step_input.input.count]

workflow = Workflow(name="asks", input_schema=Asked, steps=[speak])
"""


def program(folder: Path, name: str, script: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_v_gives_the_pager_the_whole_value_and_the_editor_the_failing_line(project: Project):
    project.write("long.py", LONG)
    pager = program(project.folder, "page", 'cp "$1" paged.txt; echo PAGED; read line')
    editor = program(project.folder, "edit", 'echo "$@" > edited.txt; echo EDITED; read line')
    env = {"XDG_CACHE_HOME": str(project.folder / ".cache"), "PAGER": pager, "EDITOR": editor}
    project.run("run", "long")

    with open_terminal([TUIFLOW], cwd=project.folder, env=env) as terminal:
        terminal.wait("✗ 1 failed")
        terminal.press("1", "j")
        terminal.wait("▸  8      raise KeyError")
        terminal.press("v")
        terminal.wait("EDITED")
        terminal.press("enter")
        terminal.wait("2 Steps")
        terminal.press("2", "k", "o")
        terminal.wait("▾o Output")
        terminal.press("v")
        terminal.wait("PAGED")
        terminal.press("enter")
        terminal.wait("2 Steps")
        paged = (project.folder / "paged.txt").read_text()
        terminal.press("E")
        terminal.wait("2 Event ")
        terminal.press("v")
        terminal.wait("PAGED")
        terminal.press("\x03")  # ends the pager, and nothing else
        terminal.wait("2 Event ")
        Path(pager).unlink()
        terminal.press("v")
        terminal.wait("cannot run")
        terminal.press("q")
        terminal.wait("2 Steps")
        terminal.press("q")
        assert terminal.wait_exit() == 0

    assert '"kind": "WorkflowError"' in (project.folder / "paged.txt").read_text()
    assert "word 0" in paged
    assert "word 19999" in paged
    line = LONG.splitlines().index('    raise KeyError("EUR")') + 1
    assert (project.folder / "edited.txt").read_text().startswith(f"+{line} ")
    assert (project.folder / "edited.txt").read_text().strip().endswith("long.py")


def test_a_field_and_then_the_whole_input_are_written_in_the_editor_and_taken_back(
    project: Project,
):
    project.write("asks.py", ASKS)
    script = """
echo "EDITING ${1##*.}"; read line
case "$1" in
  *.txt) printf 'two\\nlines\\n' > "$1" ;;
  *) sed -i.bak 's/"count": 1/"count": 7/' "$1" ;;
esac"""
    editor = program(project.folder, "edit", script)

    with project.screen((100, 40), env={"EDITOR": editor}) as terminal:
        terminal.wait("asks")
        terminal.press("s")
        terminal.wait("Start a run")
        for key, opens, seen in (("f4", "txt", "two⏎lines"), ("f5", "json", "count=7")):
            terminal.press(key)
            terminal.wait(f"EDITING {opens}")
            terminal.press("enter")
            terminal.wait(seen)
        terminal.press("enter")
        terminal.wait("✓ completed")

    shown = project.run("show", "last", "--json").stdout
    assert '"two\\nlines",7' in shown.replace(" ", "")
