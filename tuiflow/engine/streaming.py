"""Lets text out a moment after it was written, so that a token stream is no flood of events."""

import threading
import time
from collections.abc import Callable

JOIN_SECONDS = 0.05  # text of one step that comes within this is one event


class Flusher:
    """Calls back a moment later, from one thread that lives only while something is due."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._due: list[Callable[[], None]] = []
        self._is_running = False

    def soon(self, flush: Callable[[], None]) -> None:
        """Have it called once, `JOIN_SECONDS` to twice that from now; from any thread."""
        with self._lock:
            self._due.append(flush)
            if self._is_running:
                return
            self._is_running = True
        threading.Thread(target=self._run, name="tuiflow streams", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(JOIN_SECONDS)
            with self._lock:
                due, self._due = self._due, []
                if not due:
                    self._is_running = False
                    return
            for flush in due:
                flush()
