import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Project

README = Path(__file__).parents[2] / "README.md"
TOUR = README.read_text().split("## A tour", 1)[1].split("### Samples", 1)[0]
BLOCKS = re.findall(r"```sh\n(.*?)```", TOUR, re.DOTALL)
SCRIPT = re.findall(r"```python\n(.*?)```", TOUR, re.DOTALL)[0]
WRITE, WATCH, BREAK, MEND, COMMANDS, PYTHON, TORTURE = BLOCKS


def paste(block: str, folder: Path) -> str:
    """Run a block the way a shell does when it is pasted, stopping at the first failure."""
    binaries = Path(sys.executable).parent
    environ = Project(folder).environ | {"PATH": f"{binaries}:{os.environ['PATH']}"}
    ended = subprocess.run(
        ["bash", "-e", "-c", block],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.timeout(180)
def test_the_tour_works_when_it_is_pasted(tmp_path: Path):
    # A person wants to watch it for ten seconds; here only the run that is cancelled is long.
    asked = 'sleep(1 if __import__("pathlib").Path("slow").exists() else 0.01)'
    paste(WRITE.replace("sleep(0.25)", asked), tmp_path)

    paste(BREAK, tmp_path)
    assert "SyntaxError" in paste("tuiflow list", tmp_path)
    paste(MEND, tmp_path)

    told = paste(
        COMMANDS.replace(
            "tuiflow run first --detach", "touch slow\ntuiflow run first --detach"
        ).replace("tuiflow cancel last", "tuiflow cancel last\nrm slow"),
        tmp_path,
    )
    assert "the sum is 820, the biggest is 40" in told
    assert "this line is in the step's log" in told
    assert "⊗ run" in told
    assert "nothing is wrong: 1 kills" in paste(TORTURE.replace("20", "1"), tmp_path)
    printed = paste(PYTHON, tmp_path)
    assert "✓ look › find_biggest" in printed
    assert "\nthe sum is 820, the biggest is 40" in printed
    (tmp_path / "main.py").write_text(SCRIPT)
    assert "WorkflowCompleted first" in paste("python main.py", tmp_path)


def test_the_screen_is_opened_by_the_bare_command():
    assert WATCH == "tuiflow\n"


def test_the_two_commands_are_those_of_the_makefile():
    first = re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL)[0]
    makefile = README.with_name("Makefile").read_text()

    targets = re.findall(r"^make (\w+)", first, re.MULTILINE)

    assert targets == ["run", "test"]
    assert all(f"\n{target}:" in makefile for target in targets)


def test_links_into_the_repository_lead_somewhere():
    links = re.findall(r"\]\((?!http)([^)]+)\)", README.read_text())

    assert links
    for link in links:
        target = README.parent / link
        assert target.exists() or target.parent.name == "screenshots", link
