"""Lets text out a moment after it was written, so that a token stream is no flood of events."""

import _thread
import threading
import time
from collections.abc import Callable

JOIN_SECONDS = 0.05  # text of one step that comes within this is one event
MOST_CHARS = 65_536  # in one event


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
        try:
            # A cancel can strike here, in the step's own thread: threading.Thread would be left
            # half registered, and the new thread would die of it.
            _thread.start_new_thread(self._run, ())
        except BaseException:
            self._is_running = False
            raise

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


class TextStream:
    """Joins the pieces of one attempt's text; `let_out` is given them together, in order."""

    def __init__(self, flusher: Flusher, let_out: Callable[[str], None]) -> None:
        self._flusher = flusher
        self._let_out = let_out
        self._lock = threading.Lock()
        self._pieces: list[str] = []
        self._chars = 0

    def write(self, text: str) -> None:
        """Take a piece; from any thread."""
        with self._lock:
            self._pieces.append(text)
            self._chars += len(text)
            is_first, is_full = len(self._pieces) == 1, self._chars >= MOST_CHARS
        if is_full:
            self.flush()
        elif is_first:
            self._flusher.soon(self.flush)

    def flush(self) -> None:
        """Let out what is there."""
        with self._lock:
            text, self._pieces, self._chars = "".join(self._pieces), [], 0
            if text:
                self._let_out(text)
