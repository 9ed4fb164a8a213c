"""Follows the file that fds 1 and 2 of a worker stand for, and makes lines of what it gets.

A file and not a pipe: a pipe read by the process that writes it stops for ever once it is full
while the writer holds the interpreter.
"""

import codecs
import os
import threading
from collections.abc import Callable
from contextlib import suppress

from tuiflow.worker.lines import LineCutter

MOST_UNREAD = 64 * 1024 * 1024  # bytes
CHUNK = 256 * 1024  # bytes
LOOK_SECONDS = 0.05
FREE_EVERY = 16 * 1024 * 1024  # bytes
_KEEP_SIZE_PUNCH_HOLE = 3  # FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE of linux/falloc.h


class SpoolTail:
    """A thread that gives each line written from now on to `say`, until it is told to finish."""

    def __init__(self, fd: int, say: Callable[[str], None]) -> None:
        self._fd = fd
        self._say = say
        self._at = os.fstat(fd).st_size
        self._freed = 0
        self._cutter = LineCutter()
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="tuiflow-spool", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Say everything written so far, and a last line without an end; may be called twice."""
        if not self._over.is_set():
            self._over.set()
            with self._lock:
                self._read()
                self._give(self._cutter.feed(self._decoder.decode(b"", final=True)))
                self._give(self._cutter.finish())

    def _follow(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            with self._lock:
                if not self._over.is_set():
                    self._read()

    def _read(self) -> None:
        self._skip_flood()
        while raw := os.pread(self._fd, CHUNK, self._at):
            self._at += len(raw)
            self._give(self._cutter.feed(self._decoder.decode(raw)))
            self._skip_flood()
        if self._at - self._freed > FREE_EVERY:
            self._free()

    def _skip_flood(self) -> None:
        unread = os.fstat(self._fd).st_size - self._at
        if unread > MOST_UNREAD:
            self._at += unread
            self._give([*self._cutter.finish(), f"… {unread:,} bytes of output were dropped"])

    def _give(self, lines: list[str]) -> None:
        for line in lines:
            self._say(line)

    def _free(self) -> None:
        # What has been read needs no room on the disk; where holes cannot be made it keeps it.
        import ctypes  # noqa: PLC0415 - milliseconds that few runs need

        with suppress(AttributeError, OSError):
            fallocate = ctypes.CDLL(None, use_errno=True).fallocate
            fallocate.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)
            fallocate(self._fd, _KEEP_SIZE_PUNCH_HOLE, 0, self._at)
        self._freed = self._at
