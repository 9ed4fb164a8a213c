"""`python -m tests.torture --kills 1000`: as the test does, as often as asked."""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.torture.killing import INTERRUPTED, kill_again_and_again


def pass_on(process: "subprocess.Popen[str]") -> None:
    """Let an interrupted torture say what it has done."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: process.terminate())


parser = argparse.ArgumentParser(prog="python -m tests.torture")
parser.add_argument("--kills", type=int, default=1000)
parser.add_argument("--seed", type=int, default=None)
asked = parser.parse_args()
with tempfile.TemporaryDirectory() as folder:
    report = kill_again_and_again(
        Path(folder), kills=asked.kills, seed=asked.seed, on_started=pass_on
    )
sys.stdout.write(f"{json.dumps(report)}\n")
sys.exit(0 if report["is_whole"] else INTERRUPTED)
