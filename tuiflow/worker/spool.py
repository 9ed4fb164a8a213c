"""Follows the file that fds 1 and 2 of a worker stand for, and makes lines of what it gets.

A file and not a pipe: a pipe read by the process that writes it stops for ever once it is full
while the writer holds the interpreter.
"""

import codecs
import os
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from tuiflow.worker.lines import LineCutter

MOST_UNREAD = 64 * 1024 * 1024  # bytes
CHUNK = 256 * 1024  # bytes
AT_ONCE = 64 * 1024  # bytes; who says more than that waits for nobody
TURN_SECONDS = 0.02
LOOK_SECONDS = 0.05
FREE_EVERY = 16 * 1024 * 1024  # bytes
_KEEP_SIZE_PUNCH_HOLE = 3  # FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE of linux/falloc.h


Owner = TypeVar("Owner")


class SpoolTail(Generic[Owner]):
    """A thread that gives each line written from now on to `say`, until it is told to finish.

    With each goes whose it is: what `owner` gave while it was written.
    """

    def __init__(
        self, fd: int, say: Callable[[str, Owner], object], owner: Callable[[], Owner]
    ) -> None:
        self._fd = fd
        self._say = say
        self._owner = owner
        self._at = self._noted = os.fstat(fd).st_size
        self._owners: deque[tuple[int, Owner]] = deque()
        """Whose the text is up to that byte, where that has changed before it was read."""
        self._freed = 0
        self._cutter = LineCutter()
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="tuiflow-spool", daemon=True)
        self._thread.start()

    def catch_up(self, *, ends_line: bool = False) -> None:
        """Say what is written by now, or of a flood only note whose it is; called before changes.

        With `ends_line` a line without an end is one too.
        """
        end = self._size()
        if end == self._noted and not ends_line:
            return
        if end - self._at <= AT_ONCE and self._lock.acquire(timeout=TURN_SECONDS):
            try:
                self._read(end)
                self._give(self._cutter.finish() if ends_line else [], self._owner())
            finally:
                self._lock.release()
        elif end > self._noted:
            self._owners.append((end, self._owner()))
        self._noted = end

    def finish(self) -> None:
        """Say everything written so far, and a last line without an end; may be called twice."""
        if not self._over.is_set():
            self._over.set()
            with self._lock:
                self._read(self._size())
                rest = self._cutter.feed(self._decoder.decode(b"", final=True))
                self._give([*rest, *self._cutter.finish()], self._owner())

    def _follow(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            end = self._size()
            while self._at < end and not self._over.is_set():
                # A part at a time: who finishes waits for no more than that.
                with self._lock:
                    self._read(min(end, self._at + CHUNK))

    def _size(self) -> int:
        return os.fstat(self._fd).st_size

    def _read(self, end: int) -> None:
        """Say what stands up to a byte; there may be more and more behind it."""
        self._skip_flood()
        while self._at < end:
            owner, stop = self._owner_up_to(end)
            raw = os.pread(self._fd, min(CHUNK, stop - self._at), self._at)
            if not raw:
                break
            self._at += len(raw)
            self._give(self._cutter.feed(self._decoder.decode(raw)), owner)
        if self._at - self._freed > FREE_EVERY:
            self._free()

    def _owner_up_to(self, end: int) -> tuple[Owner, int]:
        # Asked first: what changes from now on is noted before it does.
        owner = self._owner()
        while self._owners and self._owners[0][0] <= self._at:
            self._owners.popleft()
        if not self._owners:
            return owner, end
        noted, owner = self._owners[0]
        return owner, min(noted, end)

    def _skip_flood(self) -> None:
        unread = self._size() - self._at
        if unread > MOST_UNREAD:
            self._at += unread
            dropped = f"… {unread:,} bytes of output were dropped"
            self._give([*self._cutter.finish(), dropped], self._owner())

    def _give(self, lines: list[str], owner: Owner) -> None:
        for line in lines:
            self._say(line, owner)

    def _free(self) -> None:
        # What has been read needs no room on the disk; where holes cannot be made it keeps it.
        import ctypes  # noqa: PLC0415 - milliseconds that few runs need

        with suppress(AttributeError, OSError):
            fallocate = ctypes.CDLL(None, use_errno=True).fallocate
            fallocate.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)
            fallocate(self._fd, _KEEP_SIZE_PUNCH_HOLE, 0, self._at)
        self._freed = self._at
