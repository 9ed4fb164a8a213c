"""Ends a run's process, without ever touching somebody else's."""

import os
import signal
from contextlib import suppress

from tuiflow.store import WorkerRecord, is_alive, kill_started, this_machine


def ask_to_end(worker: WorkerRecord) -> None:
    """Send SIGTERM to a worker, where it is there and ours to signal, and wake it to hear of it.

    What its run has started has it from the worker, once the steps know that they are cancelled.
    """
    if worker.mode == "worker":
        _signal(worker, signal.SIGTERM)
        wake(worker)


def wake(worker: WorkerRecord) -> None:
    """Let a stopped worker go on: it may have been stopped while it held the database."""
    if worker.mode == "worker":
        _signal(worker, signal.SIGCONT)


def kill(worker: WorkerRecord) -> None:
    """End a worker, also one that is gone already, with all that its run has started."""
    here = this_machine()
    if worker.mode != "worker" or (worker.host, worker.boot_id) != (here.host, here.boot_id):
        return
    # While it is stopped it starts nothing, and what it has started is still its own.
    _signal(worker, signal.SIGSTOP)
    kill_started(worker)
    _signal(worker, signal.SIGKILL)


def _signal(worker: WorkerRecord, number: signal.Signals) -> None:
    if is_alive(worker) == "alive":
        with suppress(ProcessLookupError, PermissionError):
            os.kill(worker.pid, number)
