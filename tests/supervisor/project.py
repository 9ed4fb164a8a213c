"""A project on disk with its database, and ways to wait for what its runs do."""

import sqlite3
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import psutil
from anyio import fail_after, sleep

from tests.waiting import PATIENCE, until
from tuiflow.model.content import StoredContent
from tuiflow.model.events import Event
from tuiflow.model.ids import RunId, new_run_id
from tuiflow.model.outline import FileReport
from tuiflow.settings import Settings
from tuiflow.store import NewRun, RunRecord, SqliteDb, Store, WorkerRecord, open_store
from tuiflow.supervisor import Workers
from tuiflow.supervisor.processes import kill

HEADER = """\
import logging, os, subprocess, sys, time
from tuiflow import Parallel, Step, Workflow
"""


class Project:
    """A folder that is a project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = SqliteDb(folder / "runs.db")

    def write(self, name: str, text: str, *, header: str = HEADER) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(header + dedent(text))
        return file

    def workers(self, **settings: object) -> Workers:
        return Workers(Settings.model_validate(settings), self.folder, self.db)


@asynccontextmanager
async def closing(workers: Workers) -> AsyncGenerator[Workers, None]:
    try:
        yield workers
    finally:
        await workers.aclose()


@dataclass
class Runs:
    """Starts runs of a project and waits for them."""

    store: Store
    workers: Workers

    async def start(self, report: FileReport, name: str) -> RunId:
        run_id = await self.create(report, name)
        await self.workers.start(run_id, name, report)
        return run_id

    async def create(self, report: FileReport, name: str) -> RunId:
        run = NewRun(
            run_id=new_run_id(),
            workflow_name=name,
            input=StoredContent(value="hello"),
            revision=report.revision,
            file=report.file,
            created_at=now(),
        )
        await self.store.create_run(run)
        return run.run_id

    async def ended(self, run_id: RunId, *, within: float = PATIENCE) -> RunRecord:
        with fail_after(within):
            while True:
                run = await self.store.get_run(run_id)
                if run.status.is_final:
                    return run
                await sleep(0.01)

    async def event(self, run_id: RunId, wanted: Callable[[Event], bool]) -> Event:
        with fail_after(PATIENCE):
            while True:
                for event in await self.events(run_id):
                    if wanted(event):
                        return event
                await sleep(0.01)

    async def worker(self, run_id: RunId) -> WorkerRecord:
        worker = (await self.store.get_run(run_id)).worker
        assert worker is not None
        return worker

    async def events(self, run_id: RunId) -> list[Event]:
        return await self.store.events_after(run_id, 0)

    async def logs(self, run_id: RunId) -> list[tuple[str, str, str, str]]:
        return [
            (event.node_path, event.stream, event.level, event.text)
            for event in await self.events(run_id)
            if event.kind == "StepLog"
        ]


@asynccontextmanager
async def runs_of(project: Project, **settings: object) -> AsyncGenerator[Runs, None]:
    async with open_store(project.db) as store, closing(project.workers(**settings)) as workers:
        try:
            yield Runs(store, workers)
        finally:
            for worker in await store.list_workers():
                kill(worker)


async def stop(project: Project, worker: WorkerRecord) -> None:
    """Stop a worker between two of its transactions: else nobody else could write."""
    process = psutil.Process(worker.pid)
    while True:
        process.suspend()
        await until(lambda: process.status() == psutil.STATUS_STOPPED)
        other = sqlite3.connect(project.db.db_file, timeout=0.05, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            process.resume()
        else:
            return
        finally:
            other.close()


def now() -> int:
    return time.time_ns() // 1000


def waiting_workers(project: Project) -> list[int]:
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "cwd", "status"])
        if "tuiflow.worker" in (process.info["cmdline"] or [])
        and process.info["cwd"] == str(project.folder)
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


async def settled(project: Project, count: int) -> list[int]:
    await until(lambda: len(waiting_workers(project)) == count)
    return waiting_workers(project)
