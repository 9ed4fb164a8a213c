"""Sees to it that nothing a cancelled run has started outlives it."""

import threading
import time
from contextlib import suppress

import psutil

from tuiflow.store import WorkerRecord, find_started, kill_started


class Leftovers:
    """What the run of this process has started: asked to end, and given the grace to do so."""

    def __init__(self, worker: WorkerRecord, grace: float) -> None:
        self._worker = worker
        self.grace = grace
        self._until: float | None = None
        self._asking = threading.Lock()

    def ask(self) -> None:
        """Send SIGTERM to all of it, in whatever session it is; only the first call does."""
        with self._asking:
            if self._until is not None:
                return
            self._until = time.monotonic() + self.grace
            for process in find_started(self._worker):
                with suppress(psutil.Error):
                    process.terminate()

    def end(self) -> None:
        """Wait for what is left of the grace, then kill; holds the thread for so long."""
        # The steps may have ended before the thread that asks has had its turn.
        self.ask()
        psutil.wait_procs(
            find_started(self._worker), max(0.0, (self._until or 0.0) - time.monotonic())
        )
        self.kill()

    def kill(self) -> None:
        """End all of it at once."""
        kill_started(self._worker)
