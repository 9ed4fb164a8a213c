"""Gives a run to a worker for a program that goes on: `… supervisor.starting RUN --db PATH`."""

import argparse
import sys
from pathlib import Path

import anyio

from tuiflow.errors import TuiflowError, WorkerError
from tuiflow.model.clock import now
from tuiflow.model.events import WorkflowCrashedEvent
from tuiflow.model.ids import RunId, root_path
from tuiflow.model.outline import FileReport
from tuiflow.settings import find_project, load_settings
from tuiflow.store import RunRecord, SqliteDb, describe_process, open_store
from tuiflow.supervisor.standby import Workers


async def start_run(db: SqliteDb, run_id: RunId, python: Path) -> bool:
    """Start a pending run with the code that is on disk; one that cannot be started is ended."""
    async with open_store(db, create=False) as store:
        run = await store.get_run(run_id)
        await store.name_starter(describe_process(run_id, "starter"))
        try:
            await _start(run, db, python)
        except TuiflowError as error:
            event = WorkflowCrashedEvent(
                node_path=root_path(run.workflow_name),
                at=now(),
                reason=f"not started: {error}",
            )
            # A run that is over by now was cancelled before it could begin.
            return not await store.end_run(run_id, event)
    return True


async def _start(run: RunRecord, db: SqliteDb, python: Path) -> None:
    file = Path(run.file or "")
    project = find_project(file.parent)
    # The process that has imported the file is kept, and given the run.
    settings = load_settings(project, python=python, standby=True)
    workers = Workers(settings, project, db)
    try:
        report = await workers.probe(file)
        _check_offer(report, run.workflow_name)
        await workers.start(run.run_id, run.workflow_name, report)
    finally:
        await workers.aclose()


def _check_offer(report: FileReport, name: str) -> None:
    if report.failure is not None:
        raise WorkerError(f"{report.file} cannot be imported: {report.failure.summary}")
    if name not in {offer.name for offer in report.workflows}:
        raise WorkerError(f"{report.file} has no workflow {name!r} at its top level")


def main() -> int:
    """Run as a command; the exit code says whether the run was started."""
    parser = argparse.ArgumentParser(prog="python -m tuiflow.supervisor.starting")
    parser.add_argument("run")
    parser.add_argument("--db", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        db, run_id = SqliteDb(arguments.db), RunId(arguments.run)
        return 0 if anyio.run(start_run, db, run_id, Path(sys.executable)) else 1
    except TuiflowError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
