"""`python -m tests.torture --kills 1000`: as the test does, as often as asked."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.torture.killing import kill_again_and_again

parser = argparse.ArgumentParser(prog="python -m tests.torture")
parser.add_argument("--kills", type=int, default=1000)
parser.add_argument("--seed", type=int, default=None)
asked = parser.parse_args()
with tempfile.TemporaryDirectory() as folder:
    report = kill_again_and_again(Path(folder), kills=asked.kills, seed=asked.seed)
sys.stdout.write(f"{json.dumps(report)}\n")
