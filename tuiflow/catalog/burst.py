"""Many files saved in one breath, as by a formatter or a checkout, are told in one line."""

import time
from collections.abc import Callable
from pathlib import Path

_LONGEST = 2.0  # seconds between two of them


class Burst:
    """Counts what is said of files while little time is between."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._files: set[Path] = set()
        self._verb = ""
        self._said_at = 0.0

    def words(self, verb: str, file: Path, offers: str) -> str:
        """Say what came of one file, or how many there were of late."""
        now = self._clock()
        if verb != self._verb or now - self._said_at > _LONGEST:
            self._files.clear()
        self._verb, self._said_at = verb, now
        self._files.add(file)
        count = len(self._files)
        return f"{verb} {count} files" if count > 1 else f"{verb} {offers}"
