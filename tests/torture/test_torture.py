import json
import signal
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from tests.torture.killing import kill_again_and_again
from tuiflow.model import events as ev
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.promise import broken_promises
from tuiflow.store import RunRecord, SqliteDb, open_store

KILLS = 100


@pytest.mark.timeout(1200)
def test_a_hundred_killed_workers_break_no_promise(tmp_path: Path):
    report = kill_again_and_again(tmp_path, kills=KILLS)

    assert report["reused"] > 0
    assert report["runs"] > 1


@pytest.mark.timeout(300)
def test_a_workflow_that_does_not_complete_by_itself_is_not_tortured(tmp_path: Path):
    file = tmp_path / "bad.py"
    file.write_text(
        "from tuiflow import Workflow\n"
        "def fail(step_input): raise KeyError('EUR')\n"
        "workflow = Workflow(name='bad', steps=[fail])\n"
    )
    command = [sys.executable, "-m", "tuiflow", "torture", str(file), "--kills", "1"]
    command += ["--db", str(tmp_path / "runs.db")]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "left alone it does not complete, it ended as error: KeyError: 'EUR'" in done.stderr


def started(seq: int, attempt: int) -> ev.Event:
    return ev.StepStartedEvent(
        run_id=RunId("r"), seq=seq, node_path=NodePath("w/a"), attempt=attempt
    )


def test_a_finished_step_that_runs_again_is_a_broken_promise():
    done = ev.StepCompletedEvent(run_id=RunId("r"), seq=2, node_path=NodePath("w/a"))

    found = list(broken_promises([started(1, 1), done, started(3, 2)]))

    assert found == ["seq 3: 'w/a' runs again, finished at seq 2"]


def test_an_attempt_that_is_left_out_or_repeated_is_a_broken_promise():
    assert list(broken_promises([started(1, 1), started(2, 1)])) == [
        "seq 2: 'w/a' is try 1, after try 1"
    ]
    assert list(broken_promises([started(1, 2)])) == ["seq 1: 'w/a' is try 2, after try 0"]


@pytest.mark.timeout(300)
def test_the_same_file_and_seed_say_what_was_done(tmp_path: Path):
    file = tmp_path / "good.py"
    file.write_text(
        "from time import sleep\n"
        "from tuiflow import Workflow\n"
        "def give(step_input): sleep(0.2)\n"
        "workflow = Workflow(name='good', steps=[give])\n"
    )
    command = [sys.executable, "-m", "tuiflow", "torture", f"{file}:good", "--kills", "1"]
    command += ["--db", str(tmp_path / "runs.db"), "--seed", "5", "--json"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    report = json.loads(done.stdout)
    assert (done.returncode, report["seed"], report["findings"]) == (0, 5, [])


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_one_that_is_interrupted_reports_what_it_did_and_leaves_no_run_going_on(
    tmp_path: Path, how: signal.Signals
):
    file, db = tmp_path / "slow.py", tmp_path / "runs.db"
    file.write_text(
        "from time import sleep\n"
        "from tuiflow import Workflow\n"
        "def first(step_input): sleep(0.05)\n"
        "def second(step_input): sleep(0.05)\n"
        "workflow = Workflow(name='slow', steps=[first, second])\n"
    )
    command = [sys.executable, "-m", "tuiflow", "torture", str(file), "--json"]
    command += ["--db", str(db), "--seed", "5", "--kills", "1000"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        told = process.stderr.readline()
        process.send_signal(how)
        report = json.loads(process.communicate()[0])

    assert "of 1000 kills, 1 run" in told
    assert (process.returncode, report["seed"], report["is_whole"]) == (130, 5, False)
    assert report["runs"] >= 1
    assert report["findings"] == []
    assert all(run.status.is_final for run in anyio.run(read_runs, db))


async def read_runs(path: Path) -> list[RunRecord]:
    async with open_store(SqliteDb(path)) as store:
        return await store.list_runs(limit=10_000)


@pytest.mark.timeout(300)
def test_a_run_that_does_not_keep_its_promise_ends_it_with_1_and_the_seed(tmp_path: Path):
    file = tmp_path / "once.py"
    file.write_text(
        "from time import sleep\n"
        "from tuiflow import Workflow\n"
        "def once(step_input, run_context):\n"
        "    assert run_context.attempt == 1\n"
        "    sleep(0.2)\n"
        "workflow = Workflow(name='once', steps=[once])\n"
    )
    command = [sys.executable, "-m", "tuiflow", "torture", str(file), "--kills", "50"]
    command += ["--db", str(tmp_path / "runs.db"), "--seed", "5"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stderr
    assert "it is error: AssertionError" in done.stdout
    assert "wrong: " in done.stdout
    assert done.stdout.endswith("seed 5\n")
