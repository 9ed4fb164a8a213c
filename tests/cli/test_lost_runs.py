"""Runs whose database is taken from them, as a person in a shell sees it."""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import time

import anyio
import psutil
import pytest

from tests.cli.conftest import PATIENCE, Project, read_until
from tests.scenes import SCENES, write_scene

MOST_BYTES = 3_000_000
FLOOD = """
import time

from tuiflow import Workflow


def flood():
    while True:
        print("x" * 4000)
        time.sleep(0.002)


def fall():
    import ctypes

    ctypes.string_at(0)


flooding = Workflow(name="flooding", steps=[flood])
falling = Workflow(name="falling", steps=[fall])
"""

COUNTING = """
import time
from pathlib import Path

from tuiflow import Workflow


def count():
    number = 0
    while not Path("enough").exists():
        number += 1
        print(number)
        time.sleep(0.01)


counting = Workflow(name="counting", steps=[count])
"""


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.05)


def test_a_run_whose_database_takes_nothing_more_says_so_and_ends(own_project: Project):
    (own_project.folder / "workflows" / "flood.py").write_text(FLOOD)

    ended = subprocess.run(
        own_project.command("run", "flooding", "--json"),
        cwd=own_project.folder,
        env=own_project.environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE * 2,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES)),
    )

    assert ended.returncode == 4, ended.stderr
    # The end itself may still find room in a page that is written already.
    is_recorded = '"kind":"WorkflowCrashed"' in ended.stdout.replace(" ", "")
    assert is_recorded or "is lost, its worker" in ended.stderr
    assert "ended: cannot use" in ended.stdout + ended.stderr
    # Where there is room again, the reason is in the run's own record.
    (shown,) = own_project.json("show", "last")
    assert shown["status"] == "crashed"
    assert "ended: cannot use" in shown["reason"]
    wait_until_gone(shown["worker"]["pid"])


def test_a_worker_whose_database_was_deleted_ends_although_its_step_does_not_listen(
    own_project: Project,
):
    folder = own_project.folder / "elsewhere"
    process = own_project.start("run", "enduring", "--json", "--db", str(folder / "runs.db"))
    started = json.loads(read_until(process.stdout, "StepStarted"))
    (shown,) = own_project.json("show", started["run_id"], "--db", str(folder / "runs.db"))

    shutil.rmtree(folder)
    _, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert err.count("\n") == 1
    assert "it was deleted or replaced while it was open" in err
    wait_until_gone(shown["worker"]["pid"])


@pytest.mark.timeout(PATIENCE * 4)
def test_a_database_another_program_holds_delays_a_run_and_refuses_a_start_in_one_sentence(
    own_project: Project,
):
    (own_project.folder / "workflows" / "counting.py").write_text(COUNTING)
    process = own_project.start("run", "counting", "--json")
    started = json.loads(read_until(process.stdout, "StepLog"))
    stranger = sqlite3.connect(own_project.folder / ".tuiflow/tuiflow.db", isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")

    refused = own_project.tuiflow("run", "counting")
    read_only = own_project.tuiflow("show", started["run_id"])
    stranger.execute("ROLLBACK")
    stranger.close()
    (own_project.folder / "enough").touch()
    _, err = process.communicate(timeout=PATIENCE)

    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "locked by another process for 5 s" in refused.stderr
    assert read_only.returncode == 0
    assert (process.returncode, err) == (0, "")
    events = own_project.json("events", started["run_id"])
    texts = [event["text"] for event in events if event["kind"] == "StepLog"]
    assert texts == [str(number) for number in range(1, len(texts) + 1)]
    assert own_project.tuiflow("verify").returncode == 0


def test_a_segmentation_fault_in_a_step_is_named_with_its_place(own_project: Project):
    (own_project.folder / "workflows" / "flood.py").write_text(FLOOD)

    ended = own_project.tuiflow("run", "falling")

    assert ended.returncode == 4
    assert "ended by SIGSEGV at " in ended.stdout
    assert os.path.join("ctypes", "__init__.py") in ended.stdout


def test_a_run_whose_worker_is_silent_is_called_stalled_and_left_alone(own_project: Project):
    # Its worker is on another machine, and its last sign of life long ago.
    anyio.run(write_scene, SCENES["running"], own_project.folder / "shop")
    there = Project(own_project.folder / "shop")

    listed, shown = there.tuiflow("runs"), there.tuiflow("show", "7f3a")

    assert "running" in listed.stdout
    assert "stalled, silent " in listed.stdout
    assert "stalled, silent " in shown.stdout.splitlines()[-1]
