"""Words for what was loaded: one file is named, several of the same moment are counted."""

import time
from pathlib import Path

BURST = 2.0  # seconds between two files that are told together


class Loads:
    """Knows what was loaded a moment ago."""

    def __init__(self) -> None:
        self._verb = ""
        self._files: set[Path] = set()
        self._at = 0.0

    def words(self, verb: str, file: Path, offer: str) -> str:
        """Say that a file was loaded or reloaded, and what it offers."""
        now = time.monotonic()
        if verb != self._verb or now - self._at > BURST:
            self._files = set()
        self._verb, self._at = verb, now
        self._files.add(file)
        count = len(self._files)
        return f"{verb} {offer}" if count == 1 else f"{verb} {count} files"
