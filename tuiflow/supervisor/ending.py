"""Ends a run for somebody who has left: `python -m tuiflow.supervisor.ending RUN --db PATH`."""

import argparse
import sys
from pathlib import Path

import anyio

from tuiflow.errors import TuiflowError
from tuiflow.model.ids import RunId
from tuiflow.store import SqliteDb, open_store
from tuiflow.supervisor.stopping import end_run


async def _end_in(db: SqliteDb, run_id: RunId) -> None:
    async with open_store(db, create=False) as store:
        await end_run(store, run_id)


def main() -> int:
    """Run as a command; the exit code says whether the run could be ended."""
    parser = argparse.ArgumentParser(prog="python -m tuiflow.supervisor.ending")
    parser.add_argument("run")
    parser.add_argument("--db", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        anyio.run(_end_in, SqliteDb(arguments.db), RunId(arguments.run))
    except TuiflowError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
