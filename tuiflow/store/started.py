"""What a run has started beside its own process: children, and what has left their session."""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from tuiflow.model.ids import RunId
from tuiflow.store.processes import RUN_ID_VARIABLE, find_process
from tuiflow.store.records import WorkerRecord

if TYPE_CHECKING:
    import psutil


def find_started(worker: WorkerRecord) -> "list[psutil.Process]":
    """List what the run of a worker has started, by session, parents and environment.

    Not the worker itself, and not the process that asks.
    """
    return [*_find(worker, {os.getpid(), worker.pid})]


def kill_started(worker: WorkerRecord) -> None:
    """End all that a run has started, at once, and what that starts meanwhile."""
    # Deferred: only who has runs to end needs it.
    import psutil  # noqa: PLC0415

    seen: set[psutil.Process] = set()
    while new := set(find_started(worker)) - seen:
        seen |= new
        for process in new:
            with suppress(psutil.Error):
                process.kill()


def _find(worker: WorkerRecord, known: set[int]) -> "Iterator[psutil.Process]":
    import psutil  # noqa: PLC0415

    process = find_process(worker)
    below: set[int] = set()
    if process is not None:
        with suppress(psutil.Error):
            below = {child.pid for child in process.children(recursive=True)}
    # Its number is nobody else's while its session has members, unless a stranger has it now.
    # What is no number of a process stands for those whose session nobody here can name.
    is_one = worker.pid > 0
    has_session = is_one and (process is not None or worker.pid not in psutil.pids())
    for other in psutil.process_iter():
        if other.pid in known:
            continue
        if (
            other.pid in below
            or (has_session and _session_of(other.pid) == worker.pid)
            or _is_signed(other, worker.run_id)
        ):
            yield other


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None


def _is_signed(process: "psutil.Process", run_id: RunId) -> bool:
    import psutil  # noqa: PLC0415

    try:
        return process.environ().get(RUN_ID_VARIABLE) == run_id
    except psutil.Error:
        return False
