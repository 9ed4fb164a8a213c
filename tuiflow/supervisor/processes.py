"""Ends a run's process, without ever touching somebody else's."""

import os
import signal
from contextlib import suppress

from tuiflow.model.ids import RunId
from tuiflow.store import WorkerRecord, is_alive, this_machine
from tuiflow.supervisor.launcher import RUN_ID_VARIABLE


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
    here = this_machine()
    if worker.mode == "worker" and (worker.host, worker.boot_id) == (here.host, here.boot_id):
        _kill_by_environment(worker.run_id)


def _kill_by_environment(run_id: RunId) -> None:
    # Deferred: only who has runs to end needs it.
    import psutil  # noqa: PLC0415

    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get(RUN_ID_VARIABLE) == run_id:
                process.kill()
