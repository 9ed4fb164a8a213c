"""The processes behind runs: which one this is, whether another is still there, and new ones."""

import os
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tuiflow.errors import WorkerError
from tuiflow.model.clock import now
from tuiflow.model.ids import RunId
from tuiflow.store.records import WorkerRecord

if TYPE_CHECKING:
    import psutil

Liveness = Literal["alive", "gone", "unknown"]
START_TOLERANCE = 0.1  # seconds
RUN_ID_VARIABLE = "TUIFLOW_RUN_ID"
"""Stands in the environment of a worker, and so of all that its run starts."""
_NO_PROCESS = "no process can be started"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PID_NAMESPACE = Path("/proc/self/ns/pid")


def describe_process(run_id: RunId, mode: Literal["worker", "inline", "starter"]) -> WorkerRecord:
    """Make the worker record of this process for a run."""
    # Deferred: importing tuiflow to write a workflow does not need it.
    import psutil  # noqa: PLC0415

    return WorkerRecord(
        run_id=run_id,
        mode=mode,
        pid=os.getpid(),
        started=start_time(psutil.Process()),
        boot_id="/".join([_read_boot_id(psutil.boot_time()), *_read_pid_namespace()]),
        host=socket.gethostname(),
        python=sys.executable,
        heartbeat=now(),
    )


@cache
def this_machine() -> WorkerRecord:
    """Describe this process without a run: its host and boot are what others are compared with."""
    return describe_process(RunId(""), mode="inline")


def is_alive(worker: WorkerRecord) -> Liveness:
    """Judge a worker by its process: another start time means that the pid is somebody else's.

    Unknown when it lives on another machine, or in a container where pids are others.
    """
    # Deferred: only who has runs to look after needs it.
    import psutil  # noqa: PLC0415

    here = this_machine()
    if worker.host != here.host:
        return "unknown"
    if worker.boot_id != here.boot_id:
        is_same_boot = worker.boot_id.partition("/")[0] == here.boot_id.partition("/")[0]
        return "unknown" if is_same_boot else "gone"
    try:
        process = find_process(worker)
        if process is None or process.status() == psutil.STATUS_ZOMBIE:
            return "gone"
    except psutil.NoSuchProcess:
        return "gone"
    except psutil.AccessDenied:
        return "alive"
    return "alive"


def find_process(worker: WorkerRecord) -> "psutil.Process | None":
    """Find a worker of this machine, a zombie too; None where its pid is nobody's or a stranger's.

    Raises psutil.AccessDenied.
    """
    # Deferred: only who has runs to look after needs it.
    import psutil  # noqa: PLC0415

    try:
        process = psutil.Process(worker.pid)
        is_same = abs(start_time(process) - worker.started) <= START_TOLERANCE
    except (psutil.NoSuchProcess, ValueError):  # or what is no number of a process at all
        return None
    return process if is_same else None


def start_time(process: "psutil.Process") -> float:
    """Say when a process was started, in seconds that do not move when somebody sets the clock."""
    # Deferred: only who has runs to look after needs it.
    import psutil  # noqa: PLC0415

    # Linux counts from the boot, and psutil adds when that was by the clock of this moment.
    booted = psutil.boot_time() if sys.platform == "linux" else 0.0
    return process.create_time() - booted


def plain_environ() -> dict[str, str]:
    """Give this environment without the sign of a run, for what is to outlive the run."""
    return {name: value for name, value in os.environ.items() if name != RUN_ID_VARIABLE}


def spawn_detached(module: str, *arguments: str, folder: Path | None = None) -> None:
    """Run a module of ours in a process that outlives this one and is nobody's child.

    Raises WorkerError where the system starts none.
    """
    # -P: what lies in the folder must not stand in for the standard library.
    command = [sys.executable, "-P", "-m", module, *arguments]
    # The shell is the one in between.
    detach = '"$@" </dev/null >/dev/null 2>&1 &'
    try:
        subprocess.run(
            ["/bin/sh", "-c", detach, "sh", *command],
            cwd=folder,
            env=plain_environ(),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=True,
        )
    except OSError as error:
        raise WorkerError(f"{_NO_PROCESS}: {error.strerror}") from error
    except subprocess.CalledProcessError as error:
        raise WorkerError(_NO_PROCESS) from error


def _read_pid_namespace() -> list[str]:
    # A container may have its host's name, and shares its boot.
    try:
        return [str(_PID_NAMESPACE.readlink())]
    except OSError:
        return []


def _read_boot_id(boot_time: float) -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return f"boot-{boot_time:.0f}"
