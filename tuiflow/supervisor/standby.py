"""The pool of worker processes that wait: one blank, and the newest code already imported."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from anyio import CancelScope, Event, Lock, Semaphore, fail_after, move_on_after, sleep, to_thread
from pydantic import JsonValue

from tuiflow.errors import WorkerError
from tuiflow.model.control import (
    Checked,
    CheckInput,
    Claimed,
    ClaimRun,
    ImportFile,
    Misfit,
    Refused,
)
from tuiflow.model.failure import Failure
from tuiflow.model.ids import Revision, RunId
from tuiflow.model.outline import FileReport
from tuiflow.settings import Settings
from tuiflow.store import SqliteDb
from tuiflow.supervisor.launcher import Worker, WorkerGoneError, launch_worker
from tuiflow.supervisor.probing import failed_report, import_in, is_current
from tuiflow.supervisor.python import choose_python

MOST_STANDBYS = 2
BIGGEST_STANDBY = 300 * 1024 * 1024  # bytes of resident memory
IDLE_SECONDS = 300.0  # a standby that nobody has wanted for so long is let go
MOST_LAUNCHES = 2
MOST_PROBES = 3
CLAIM_SECONDS = 20.0
CHECK_SECONDS = 2.0
LOOK_SECONDS = 5.0
QUIET_SECONDS = 0.5
"""How long the pool leaves a run that has just started the processor to itself."""


@dataclass(frozen=True)
class Standby:
    """A worker that has imported this revision of this file."""

    file: str
    revision: Revision
    worker: Worker
    since: float = field(default_factory=time.monotonic)

    def is_worth_keeping(self) -> bool:
        """Say whether it lives, is small, was wanted lately, and its file is still there."""
        memory = self.worker.memory()
        is_small = memory is not None and memory < BIGGEST_STANDBY
        is_young = time.monotonic() - self.since < IDLE_SECONDS
        return is_small and is_young and os.path.exists(self.file)


class Workers:
    """Gives each probe and each run a process, a warm one where there is one."""

    def __init__(self, settings: Settings, project: Path, db: SqliteDb) -> None:
        self._settings = settings
        self._project = project
        self._db = db
        self._blank: Worker | None = None
        self._standbys: list[Standby] = []
        self._launches = Semaphore(MOST_LAUNCHES)
        self._warming = Lock()
        self._wish = Event()
        self._started: list[FileReport] = []
        self._is_kept_warm = False

    @property
    def python(self) -> Path:
        """The interpreter of the next worker: an environment may be made while the screen is up."""
        return choose_python(self._settings, self._project)

    async def run(self) -> None:
        """Keep one blank warm, and what has just been started, until cancelled."""
        self._is_kept_warm = self._settings.standby
        try:
            while True:
                await self._warm_up()
                with move_on_after(LOOK_SECONDS):
                    await self._wish.wait()
                    await sleep(QUIET_SECONDS if self._started else 0)
                self._wish = Event()
                await self._drop_unfit()
        finally:
            self._is_kept_warm = False
            await self.aclose()

    async def aclose(self) -> None:
        """End every process that has no run; those with a run go on."""
        idle = [standby.worker for standby in self._standbys]
        if self._blank is not None:
            idle.append(self._blank)
        self._blank, self._standbys = None, []
        for worker in idle:
            await _end(worker)

    async def probe(self, file: Path, *, sources: dict[str, str] | None = None) -> FileReport:
        """Import a file in a process of its own and report it; never raises for what it does.

        A file that is saved while it is being imported is imported again.
        """
        report, worker = await self._import(file, sources)
        for _ in range(MOST_PROBES - 1):
            if sources is not None or await self._is_current(report, worker):
                break
            await _end(worker)
            report, worker = await self._import(file, None)
        await self._keep(worker, report)
        return report

    async def start(self, run_id: RunId, workflow_name: str, report: FileReport) -> None:
        """Give the run to a process with this revision; raises WorkerError with the reason."""
        order = ClaimRun(run_id=run_id, workflow_name=workflow_name, database=str(self._db.db_file))
        worker = await self._take_standby(report)
        try:
            await self._claim(worker or await self._prepare(report), order)
        except WorkerGoneError:
            if worker is None:
                raise
            await self._claim(await self._prepare(report), order)
        self._started.append(report)
        self._wish.set()

    async def check(
        self, report: FileReport, workflow_name: str, value: JsonValue
    ) -> tuple[Misfit, ...] | None:
        """Ask a standby's code whether an input fits; None while none can say."""
        worker = await self._take_standby(report)
        if worker is None:
            self._started.append(report)
            self._wish.set()
            return None
        try:
            await worker.send(CheckInput(workflow_name=workflow_name, input=value))
            with fail_after(CHECK_SECONDS):
                answer = await worker.receive()
        except BaseException as error:
            await _end(worker)
            if isinstance(error, TimeoutError | WorkerError):
                return None
            raise
        if any(standby.file == report.file for standby in self._standbys):
            await _end(worker)  # the file was saved while it thought
        else:
            await self._hold(worker, report)
        return answer.misfits if isinstance(answer, Checked) else None

    async def _import(
        self, file: Path, sources: dict[str, str] | None
    ) -> tuple[FileReport, Worker | None]:
        try:
            worker = await self._take_blank()
        except WorkerError as error:
            failure = Failure(type="WorkerError", message=str(error))
            return failed_report(str(file), failure, self.python), None
        order = ImportFile(
            file=str(file),
            project=str(self._project),
            sources=sources,
            seconds=self._settings.import_seconds,
        )
        try:
            return await import_in(worker, order), worker
        except WorkerError as error:
            await _end(worker)
            failure = Failure(type="WorkerError", message=str(error))
            return failed_report(str(file), failure, worker.python), None
        except BaseException:
            await _end(worker)
            raise

    async def _take_blank(self) -> Worker:
        if self._warming.locked() and not self._warming.statistics().tasks_waiting:
            # One is on its way: sooner here than a second that is started now.
            async with self._warming:
                pass
        async with self._launches:
            blank, self._blank = self._blank, None
            self._wish.set()
            if blank is not None:
                if blank.python == self.python and blank.memory() is not None:
                    return blank
                await _end(blank)
            return await launch_worker(self.python, self._project)

    async def _prepare(self, report: FileReport) -> Worker:
        is_on_disk = await to_thread.run_sync(is_current, report)
        fresh, worker = await self._import(
            Path(report.file), None if is_on_disk else report.sources
        )
        if worker is None or fresh.failure is not None:
            await _end(worker)
            why = fresh.failure.summary if fresh.failure else "its worker ended"
            raise WorkerError(f"{report.file} cannot be imported: {why}")
        return worker

    async def _claim(self, worker: Worker, order: ClaimRun) -> None:
        try:
            await worker.send(order)
            with fail_after(CLAIM_SECONDS):
                answer = await worker.receive()
        except TimeoutError:
            await _end(worker)
            raise WorkerError(
                f"worker {worker.pid} did not claim run {order.run_id} in {CLAIM_SECONDS:.0f} s"
            ) from None
        except BaseException:
            # Not killed: the run may be its own by now.
            await worker.aclose()
            raise
        match answer:
            case Claimed():
                await worker.aclose()
            case Refused(reason=reason):
                await _end(worker)
                raise WorkerError(reason)
            case _:
                await _end(worker)
                raise WorkerError(f"worker {worker.pid} said {answer.kind} instead of claiming")

    async def _take_standby(self, report: FileReport) -> Worker | None:
        for standby in reversed(self._standbys):
            if (standby.file, standby.revision) == (report.file, report.revision):
                self._standbys.remove(standby)
                if standby.worker.python == self.python and standby.worker.memory() is not None:
                    return standby.worker
                await _end(standby.worker)
        return None

    async def _is_current(self, report: FileReport, worker: Worker | None) -> bool:
        try:
            return await to_thread.run_sync(is_current, report)
        except BaseException:
            await _end(worker)
            raise

    async def _keep(self, worker: Worker | None, report: FileReport) -> None:
        if report.failure is None:
            # While a file is broken its last good revision is what the next run gets.
            await self._drop([one for one in self._standbys if one.file == report.file])
        if worker is None:
            return
        memory = worker.memory()
        is_good = report.failure is None and bool(report.workflows) and not report.keeps_threads
        if not (self._settings.standby and is_good and memory and memory < BIGGEST_STANDBY):
            await _end(worker)
            return
        await self._hold(worker, report)

    async def _hold(self, worker: Worker, report: FileReport) -> None:
        self._standbys.append(Standby(report.file, report.revision, worker))
        await self._drop(self._standbys[:-MOST_STANDBYS])

    async def _warm_up(self) -> None:
        if not self._is_kept_warm:
            return
        if not await to_thread.run_sync(os.path.isdir, self._project):
            # A worker lives in its project's folder: in one that is gone it is of no use.
            await self.aclose()
            return
        started, self._started = self._started[-MOST_STANDBYS:], []
        for report in started:
            if not any(standby.file == report.file for standby in self._standbys):
                await self.probe(Path(report.file))
        async with self._warming:
            if self._blank is None:
                # What is wrong with the interpreter is said by the next probe.
                with suppress(WorkerError):
                    self._blank = await launch_worker(self.python, self._project)

    async def _drop_unfit(self) -> None:
        await self._drop([one for one in self._standbys if not one.is_worth_keeping()])
        if self._blank is not None and self._blank.memory() is None:
            blank, self._blank = self._blank, None
            await _end(blank)

    async def _drop(self, standbys: list[Standby]) -> None:
        self._standbys = [one for one in self._standbys if one not in standbys]
        for standby in standbys:
            await _end(standby.worker)


async def _end(worker: Worker | None) -> None:
    if worker is None:
        return
    worker.kill()
    with CancelScope(shield=True):
        await worker.aclose()
