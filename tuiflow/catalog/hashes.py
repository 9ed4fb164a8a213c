"""Hashes of files, read again only when a file's stamp says that it may have changed."""

import hashlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

MISSING = ""
_SETTLED_NS = 100_000_000  # 100 ms
_CHUNK = 1 << 20  # bytes

Stamp = tuple[int, int, int, int]
"""Inode, size, and the times of the last change to content and to the file itself."""


def stamp_of(found: os.stat_result) -> Stamp:
    """Sum up what changes whenever a file does."""
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def is_settled(found: os.stat_result) -> bool:
    """Say whether a stamp can be trusted: two writes within a clock tick share their times."""
    return time.time_ns() - found.st_mtime_ns > _SETTLED_NS


@dataclass(slots=True)
class Hashes:
    """SHA-256 by path, as they are on disk."""

    _known: dict[str, tuple[Stamp, str]] = field(default_factory=dict[str, tuple[Stamp, str]])

    def of(self, path: str) -> str:
        """Give a file's hash, or MISSING where it cannot be read."""
        try:
            found = os.stat(path)
            stamp, digest = self._known.get(path, (None, MISSING))
            if stamp == stamp_of(found):
                return digest
            digest = _sha256(path)
        except (OSError, ValueError):  # or what is no path at all
            self._known.pop(path, None)
            return MISSING
        if is_settled(found):
            self._known[path] = (stamp_of(found), digest)
        return digest

    def of_all(self, paths: Iterable[str]) -> dict[str, str]:
        return {path: self.of(path) for path in paths}


def _sha256(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
