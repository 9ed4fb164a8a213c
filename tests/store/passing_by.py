"""A stranger's process that opens a database, reads, and closes it."""

import subprocess
import sys
from pathlib import Path

READER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM runs").fetchone()[0])
connection.close()
"""


def count_runs(path: Path) -> int:
    """Count the runs in another process, which may be the last one to close the database."""
    command = [sys.executable, "-c", READER, str(path)]
    return int(subprocess.run(command, capture_output=True, check=True).stdout)
