"""Whether a run's process is there, and how to end it, without ever touching somebody else's."""

import os
import signal
from contextlib import suppress
from functools import cache
from typing import Literal

from tuiflow.model.ids import RunId
from tuiflow.store import WorkerRecord
from tuiflow.supervisor.launcher import RUN_ID_VARIABLE

Liveness = Literal["alive", "gone", "unknown"]
START_TOLERANCE = 2.0
"""Seconds; a start time is counted from the boot's, which moves when the clock is set."""


def is_alive(worker: WorkerRecord) -> Liveness:
    """Judge a worker by its process: another start time means that the pid is somebody else's.

    Unknown when it lives on another machine.
    """
    # Deferred: only who has runs to look after needs it.
    import psutil  # noqa: PLC0415

    here = _here()
    if worker.host != here.host:
        return "unknown"
    if worker.boot_id != here.boot_id:
        return "gone"
    try:
        process = psutil.Process(worker.pid)
        if abs(process.create_time() - worker.started) > START_TOLERANCE:
            return "gone"
        return "gone" if process.status() == psutil.STATUS_ZOMBIE else "alive"
    except psutil.NoSuchProcess:
        return "gone"
    except psutil.AccessDenied:
        return "alive"


def ask_to_end(worker: WorkerRecord) -> bool:
    """Send SIGTERM to a worker; False when it is not there, or not ours to signal.

    Its group has it from the worker, once the steps know that they are cancelled.
    """
    if worker.mode != "worker" or is_alive(worker) != "alive":
        return False
    try:
        os.kill(worker.pid, signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def kill(worker: WorkerRecord) -> None:
    """End a worker, its group, and what its run started outside of the group."""
    if worker.mode == "worker" and is_alive(worker) == "alive":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(worker.pid, signal.SIGKILL)
    here = _here()
    if worker.mode == "worker" and (worker.host, worker.boot_id) == (here.host, here.boot_id):
        _kill_by_environment(worker.run_id)


@cache
def _here() -> WorkerRecord:
    # Deferred: it brings the engine, which a screen without runs has no use for.
    from tuiflow.workflow.inline import describe_process  # noqa: PLC0415

    return describe_process(RunId(""), mode="inline")


def _kill_by_environment(run_id: RunId) -> None:
    # Deferred, as above.
    import psutil  # noqa: PLC0415

    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get(RUN_ID_VARIABLE) == run_id:
                process.kill()
