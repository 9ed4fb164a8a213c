"""Runs that go on whatever happens to those who started them, many at once."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import pairwise

import pytest

from tests.cli.conftest import PATIENCE, Project, read_until

STEPS = 30
BUSY = f"""
from pathlib import Path
from time import sleep

from tuiflow import Step, Workflow


def work(step_input):
    print("a line")
    sleep(0.02)


def patient(step_input):
    print("waiting")
    while not Path("enough").exists():
        sleep(0.01)


busy = Workflow(name="busy", steps=[Step(name=f"s{{n}}", executor=work) for n in range({STEPS})])
waiting = Workflow(name="waiting", steps=[patient])
"""
STARTER = """
import sys

import anyio

from tuiflow.service import open_service


async def run(service):
    async for _ in service.follow(await service.start("busy")):
        pass


async def main():
    async with open_service(watch=False) as service, anyio.create_task_group() as group:
        await service.refresh()
        for _ in range(int(sys.argv[1])):
            group.start_soon(run, service)


anyio.run(main)
"""
RUNS, STARTERS = 20, 4
SLOW = 1_000_000  # microseconds


@pytest.mark.timeout(PATIENCE * 8)
def test_twenty_runs_at_once_from_several_processes_hardly_wait_for_each_other(
    own_project: Project,
):
    (own_project.folder / "workflows" / "busy.py").write_text(BUSY)
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", STARTER, str(RUNS // STARTERS)],
            cwd=own_project.folder,
            env=own_project.environ,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(STARTERS)
    ]

    errors = [starter.communicate(timeout=PATIENCE * 6)[1] for starter in starters]

    assert errors == [""] * STARTERS
    assert {starter.returncode for starter in starters} == {0}
    runs = own_project.json("runs", "--limit", str(RUNS))
    assert [run["status"] for run in runs] == ["completed"] * RUNS
    waits: list[int] = []
    with closing(sqlite3.connect(own_project.folder / ".tuiflow" / "tuiflow.db")) as db:
        for run in runs:
            query = "SELECT at FROM events WHERE run_id = ? ORDER BY seq"
            at = [row[0] for row in db.execute(query, (run["run_id"],))]
            waits += [later - sooner for sooner, later in pairwise(at)]
    assert len(waits) >= RUNS * STEPS * 3
    assert sum(wait > SLOW for wait in waits) <= len(waits) / 100


def test_a_run_outlives_its_command_its_terminal_and_a_second_reader(own_project: Project):
    (own_project.folder / "workflows" / "busy.py").write_text(BUSY)
    process = own_project.start("run", "waiting", "--json")
    started = json.loads(read_until(process.stdout, "StepLog"))
    follower = own_project.start("events", started["run_id"], "--follow", "--json")
    read_until(follower.stdout, "StepLog")

    os.killpg(process.pid, signal.SIGHUP)
    process.communicate(timeout=PATIENCE)
    os.killpg(follower.pid, signal.SIGKILL)
    follower.communicate(timeout=PATIENCE)
    (own_project.folder / "enough").touch()

    own_project.wait_for_run(started["run_id"], "status = 'completed'")
