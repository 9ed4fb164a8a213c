"""Starts a worker process and talks to it until it has claimed its run.

Nothing here knows about revisions or the pool; that is `standby.py`.
"""

import os
import socket
import subprocess
from contextlib import suppress
from functools import partial
from pathlib import Path
from signal import SIGKILL
from typing import TYPE_CHECKING

from anyio import (
    BrokenResourceError,
    ClosedResourceError,
    EndOfStream,
    IncompleteRead,
    fail_after,
    to_thread,
)
from anyio.abc import UNIXSocketStream
from anyio.streams.buffered import BufferedByteReceiveStream
from pydantic import BaseModel, ValidationError

import tuiflow
from tuiflow.errors import WorkerError
from tuiflow.model.control import EVENT_SCHEMA, FROM_WORKER, FromWorker, Ready
from tuiflow.model.last_words import LastWords
from tuiflow.model.text import whole_text, write_json
from tuiflow.store import plain_environ
from tuiflow.supervisor.spool import Spool

if TYPE_CHECKING:
    import psutil

START_SECONDS = 20.0
LONGEST_MESSAGE = 256 * 1024 * 1024  # bytes


class WorkerGoneError(WorkerError):
    """The worker ended before it answered."""

    def __init__(self, pid: int, words: LastWords) -> None:
        last = words.lines[-1:]
        super().__init__(": ".join((f"worker {pid} ended before it answered", *last)))
        self.words = words


class Worker:
    """A worker process that has not claimed a run yet, from the outside."""

    def __init__(self, python: Path, stream: UNIXSocketStream, spool: Spool) -> None:
        self.python = python
        self.pid = 0
        self._process: psutil.Process | None = None
        self._stream = stream
        self._lines = BufferedByteReceiveStream(stream)
        self._spool = spool

    async def receive(self) -> FromWorker:
        """Wait for the next answer; raises WorkerGoneError when the process is gone."""
        try:
            line = await self._lines.receive_until(b"\n", LONGEST_MESSAGE)
        except (EndOfStream, IncompleteRead, BrokenResourceError, ClosedResourceError):
            raise WorkerGoneError(self.pid, self._spool.last_words()) from None
        try:
            return FROM_WORKER.validate_json(line)
        except ValidationError:
            raise WorkerError(
                f"the tuiflow in {self.python} speaks otherwise than {tuiflow.__version__}: "
                "install the same in both"
            ) from None

    async def send(self, message: BaseModel) -> None:
        """Give an order; raises WorkerGoneError when the process is gone."""
        try:
            await self._stream.send(write_json(message).encode() + b"\n")
        except (BrokenResourceError, ClosedResourceError):
            raise WorkerGoneError(self.pid, self._spool.last_words()) from None

    def last_words(self) -> LastWords:
        """Read what the process wrote last."""
        return self._spool.last_words()

    def recognize(self, pid: int) -> None:
        """Know its number, and which process has it: once it has ended another one may."""
        # Deferred: the screen is drawn before there are workers.
        import psutil  # noqa: PLC0415

        self.pid = pid
        with suppress(psutil.Error):
            self._process = psutil.Process(pid)

    def memory(self) -> int | None:
        """Give the bytes it holds; None when it is gone."""
        import psutil  # noqa: PLC0415 - as above

        process = self._process
        try:
            if process is None or not process.is_running():
                return None
            return None if process.status() == psutil.STATUS_ZOMBIE else process.memory_info().rss
        except psutil.Error:
            return None

    def kill(self) -> None:
        """End the process and all it started, at once; only before it has claimed a run."""
        import psutil  # noqa: PLC0415 - as above

        if self._process is None:
            return
        # What it has started keeps its number from being given to anybody else.
        if self._process.is_running() or not psutil.pid_exists(self.pid):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, SIGKILL)

    async def aclose(self) -> None:
        """Let go of it: a worker without a run ends by itself, one with a run goes on."""
        self._spool.close()
        await self._stream.aclose()


async def launch_worker(python: Path, project: Path) -> Worker:
    """Start a worker and wait until it is ready; raises WorkerError with what to do."""
    if whole_text(str(project)) != str(project):
        raise WorkerError(f"the path of the folder {project} is not UTF-8: rename what is not")
    try:
        spool = Spool()
        ours, theirs = socket.socketpair()
    except OSError as error:
        # A full disk, or too many files that are open.
        raise WorkerError(f"a worker cannot be started: {error.strerror}") from error
    try:
        with theirs:
            await _spawn(python, project, theirs.fileno(), spool)
        stream = await UNIXSocketStream.from_socket(ours)
    except BaseException:
        ours.close()
        spool.close()
        raise
    worker = Worker(python, stream, spool)
    try:
        await _expect_ready(worker)
    except BaseException:
        worker.kill()
        await worker.aclose()
        raise
    return worker


async def _spawn(python: Path, project: Path, control: int, spool: Spool) -> None:
    # -P: the project's own files must not stand in for the standard library's while it starts.
    command = [str(python), "-P", "-m", "tuiflow.worker", "--control", str(control)]
    run = partial(
        subprocess.run,
        command,
        cwd=project,
        env=plain_environ(),
        stdin=subprocess.DEVNULL,
        stdout=spool.fileno(),
        stderr=spool.fileno(),
        pass_fds=[control],
        timeout=START_SECONDS,
        check=False,
    )
    try:
        started = await to_thread.run_sync(run)
    except subprocess.TimeoutExpired:
        raise WorkerError(f"{python} did not start a worker in {START_SECONDS:.0f} s") from None
    except OSError as error:
        raise WorkerError(_why_refused(python, project, error)) from error
    if started.returncode != 0:
        raise WorkerError(_why_not_started(python, spool.last_words().lines))


def _why_refused(python: Path, project: Path, error: OSError) -> str:
    # The system names what it could not run or enter, and nothing where it had too little of all.
    if error.filename is None:
        return f"a worker cannot be started: {error.strerror}"
    if str(error.filename) == str(project):
        return f"cannot enter the folder {project}: {error.strerror}"
    return f"cannot run {python}: {error.strerror}"


def _why_not_started(python: Path, lines: tuple[str, ...]) -> str:
    last = lines[-1] if lines else "it said nothing"
    if "No module named" in last and "tuiflow" in last:
        return (
            f"tuiflow is not installed in {python}: "
            "run `uv add --dev tuiflow` (or pip install tuiflow)"
        )
    if any("Unknown option: -P" in line or "unknown option -P" in line for line in lines):
        return f"{python} is older than Python 3.11, which tuiflow needs"
    return f"{python} cannot start a worker: {last}"


async def _expect_ready(worker: Worker) -> None:
    try:
        with fail_after(START_SECONDS):
            ready = await worker.receive()
    except TimeoutError:
        raise WorkerError(
            f"a worker of {worker.python} was not ready in {START_SECONDS:.0f} s"
        ) from None
    except WorkerGoneError as gone:
        raise WorkerError(_why_not_started(worker.python, gone.words.lines)) from None
    if not isinstance(ready, Ready):
        raise WorkerError(f"a worker of {worker.python} said {ready.kind} before it was ready")
    worker.recognize(ready.pid)
    if ready.event_schema != EVENT_SCHEMA:
        raise WorkerError(
            f"{worker.python} has tuiflow {ready.tuiflow_version} with events of version "
            f"{ready.event_schema}, this is {tuiflow.__version__} with version {EVENT_SCHEMA}: "
            "install the same tuiflow in both"
        )
