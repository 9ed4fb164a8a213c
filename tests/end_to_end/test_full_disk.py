"""The disk of the database fills up under a run, and has room again later."""

import json
from collections.abc import Iterator

import pytest

from tests.end_to_end.project import Project
from tests.end_to_end.terminal import Terminal
from tests.full_disk import SmallDisk, small_disk
from tests.waiting import PATIENCE

FLOW = """
import time
from pathlib import Path

from tuiflow import Workflow


def first():
    return "kept"


def wait():
    while not Path("gate").exists():
        time.sleep(0.02)
    return "through"


workflow = Workflow(name="gated", steps=[first, wait], cancel_grace=0.2)
"""
FULL = "the disk is full"
pytestmark = pytest.mark.timeout(PATIENCE * 4)


@pytest.fixture
def disk(project: Project) -> Iterator[SmallDisk]:
    project.write("gated.py", FLOW)
    (project.folder / "pyproject.toml").write_text('[tool.tuiflow]\ndb = "disk/runs.db"\n')
    with small_disk(project.folder / "disk") as mounted:
        yield mounted


def test_a_run_on_a_full_disk_is_over_on_screen_too_and_all_goes_on_when_there_is_room(
    project: Project, disk: SmallDisk
):
    with project.screen((110, 30)) as terminal:
        start(terminal)
        terminal.wait("✓ first")

        disk.fill()
        terminal.wait(lambda shown: "is lost, its worker" in shown and FULL in shown)
        terminal.wait(lambda shown: "1 failed" in shown and "running" not in shown)
        terminal.wait("✗ wait  crashed")
        assert "▸" not in terminal.text

        start(terminal)
        terminal.wait("✗ cannot use")
        assert "running" not in terminal.text
        terminal.press("esc")
        terminal.wait_gone("Start a run")

        disk.empty()
        (project.folder / "gate").touch()
        terminal.wait(lambda shown: ended_as(project, "crashed"))
        start(terminal)
        terminal.wait("✓ wait")

    kinds = [
        json.loads(line)["kind"]
        for line in project.run("events", oldest(project), "--json").stdout.splitlines()
    ]
    assert kinds[-1] == "WorkflowCrashed"
    assert kinds.count("StepCompleted") == 1
    assert project.run("verify").returncode == 0


def test_a_shell_is_told_of_a_full_disk_in_one_sentence(project: Project, disk: SmallDisk):
    assert project.run("run", "gated", "--detach").returncode == 0
    disk.fill()

    refused = project.run("run", "gated", "--json")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert FULL in refused.stderr
    while (runs := listed(project))[-1]["status"] == "running":
        pass
    assert runs[-1]["status"] == "crashed"
    assert FULL in runs[-1]["reason"]

    disk.empty()
    assert project.run("resume", runs[-1]["run_id"], "--detach").returncode == 0
    (project.folder / "gate").touch()
    followed = project.run("events", "last", "--follow", "--json").stdout
    assert '"kind":"WorkflowCompleted"' in followed.splitlines()[-1].replace(" ", "")


def start(terminal: Terminal) -> None:
    terminal.wait("gated")
    terminal.press("s")
    terminal.wait("Start a run")
    terminal.press("enter")


def listed(project: Project) -> list[dict[str, str]]:
    said = project.run("runs", "--json")
    assert said.returncode == 0, said.stderr
    return [json.loads(line) for line in said.stdout.splitlines()]


def oldest(project: Project) -> str:
    return listed(project)[-1]["run_id"]


def ended_as(project: Project, status: str) -> bool:
    return (
        "cannot be recorded" not in (run := listed(project)[-1])["reason"]
        and run["status"] == status
    )
