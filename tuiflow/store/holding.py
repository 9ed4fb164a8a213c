"""Keeps a database's log in its place while this process has it open.

The last one who closes a database takes its log away. Whether there are others SQLite sees by its
locks, and those a process loses when anything in it closes the file, such as a step that reads all
files of its project: https://sqlite.org/howtocorrupt.html, 2.2
"""

import os
import struct
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_FIRST, _COUNT = 0x40000002, 510
"""The bytes that SQLite locks for who has a database open."""
_IS_MAC = sys.platform == "darwin"
_SET_LOCK_OF_MAC = 90
"""F_OFD_SETLK of its sys/fcntl.h, which only a Python that was built on a newer one names."""


@contextmanager
def held(path: Path) -> Generator[None]:
    """Hold such a lock of our own, which nobody else's closing lets go; where there are any.

    To be left before the connections are closed: the last one has to get what is held here.
    """
    unnamed = _SET_LOCK_OF_MAC if _IS_MAC else None
    number = getattr(fcntl, "F_OFD_SETLK", unnamed) if sys.platform != "win32" else None
    if number is None:
        yield
        return
    opened: int | None = None
    try:
        # A file system without them has SQLite's own.
        with suppress(OSError):
            opened = os.open(path, os.O_RDONLY)
            fcntl.fcntl(opened, number, _lock(fcntl.F_RDLCK))
        yield
    finally:
        if opened is not None:
            os.close(opened)


def _lock(kind: int) -> bytes:
    # struct flock, as the system's own header has it.
    if _IS_MAC:
        return struct.pack("qqihh", _FIRST, _COUNT, 0, kind, os.SEEK_SET)
    return struct.pack("hhqqi4x", kind, os.SEEK_SET, _FIRST, _COUNT, 0)
