"""Describes this process as the worker of the runs it executes itself."""

import os
import socket
import sys
import time
from pathlib import Path
from typing import Literal

from tuiflow.model.ids import RunId
from tuiflow.store import WorkerRecord

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def describe_process(run_id: RunId, mode: Literal["worker", "inline"]) -> WorkerRecord:
    """Make the worker record of this process for a run."""
    # Deferred: importing tuiflow to write a workflow does not need it.
    import psutil  # noqa: PLC0415

    return WorkerRecord(
        run_id=run_id,
        mode=mode,
        pid=os.getpid(),
        started=psutil.Process().create_time(),
        boot_id=_read_boot_id(psutil.boot_time()),
        host=socket.gethostname(),
        python=sys.executable,
        heartbeat=time.time_ns() // 1000,
    )


def _read_boot_id(boot_time: float) -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return f"boot-{boot_time:.0f}"
