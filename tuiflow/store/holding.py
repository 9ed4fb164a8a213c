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


@contextmanager
def held(path: Path) -> Generator[None]:
    """Hold such a lock of our own, which nobody else's closing lets go; where there are any.

    To be left before the connections are closed: the last one has to get what is held here.
    """
    number = getattr(fcntl, "F_OFD_SETLK", None) if sys.platform != "win32" else None
    if number is None:
        yield
        return
    lock = struct.pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, _FIRST, _COUNT, 0)
    opened: int | None = None
    try:
        # A file system without them has SQLite's own.
        with suppress(OSError):
            opened = os.open(path, os.O_RDONLY)
            fcntl.fcntl(opened, number, lock)
        yield
    finally:
        if opened is not None:
            os.close(opened)
