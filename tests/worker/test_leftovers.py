"""What a run has started, seen from the worker that has to end it."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import anyio

from tests.waiting import PATIENCE, until
from tuiflow.model.ids import RunId
from tuiflow.store import RUN_ID_VARIABLE, describe_process
from tuiflow.worker.leftovers import Leftovers

CLEANING = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
try:
    open("ready", "w")
    time.sleep(3600)
finally:
    time.sleep(0.1)
    open("finally", "w")
"""


def test_a_run_that_ends_before_its_children_were_asked_to_gives_them_their_time(tmp_path: Path):
    run_id = RunId("ends-early")
    environ = os.environ | {RUN_ID_VARIABLE: run_id}
    with subprocess.Popen([sys.executable, "-c", CLEANING], cwd=tmp_path, env=environ) as child:
        anyio.run(until, (tmp_path / "ready").exists)
        # Of nobody's number: what has the run's sign is found, and no child of this test's.
        nobody = replace(describe_process(run_id, mode="worker"), pid=2**22 + 1)

        Leftovers(nobody, grace=PATIENCE).end()

        assert (tmp_path / "finally").exists()
        assert child.wait() == 0
