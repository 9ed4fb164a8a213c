import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.torture.killing import kill_again_and_again
from tuiflow.model import events as ev
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.promise import broken_promises

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
        "from tuiflow import Workflow\n"
        "def give(step_input): return 1\n"
        "workflow = Workflow(name='good', steps=[give])\n"
    )
    command = [sys.executable, "-m", "tuiflow", "torture", f"{file}:good", "--kills", "1"]
    command += ["--db", str(tmp_path / "runs.db"), "--seed", "5", "--json"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    report = json.loads(done.stdout)
    assert (done.returncode, report["seed"], report["findings"]) == (0, 5, [])
