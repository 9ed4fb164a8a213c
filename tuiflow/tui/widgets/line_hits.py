"""The lines that have what is looked for, found a slice at a time so that keys go on working."""

import time
from array import array
from bisect import bisect_left
from re import Pattern

from tuiflow.tui.widgets.finding import wanted_pattern
from tuiflow.tui.widgets.line_store import CHUNK, LineStore


class LineHits:
    """The lines that were found, in order; looked for from where the reader stands, then on top."""

    def __init__(self, store: LineStore) -> None:
        self.text = ""
        self.wanted: Pattern[str] | None = None
        self.at = -1
        """Which of them the reader is at."""
        self._store = store
        self._came_before = 0
        self._numbers = array("q")
        """Those that have it, as they would be counted without the lines that came before."""
        self._unseen: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, at: int) -> int:
        return self._numbers[at] + self._came_before

    def want(self, text: str) -> None:
        """Look for something else, or for nothing."""
        self.text, self.wanted = text, wanted_pattern(text)
        self.forget()

    def forget(self) -> None:
        """Know of no hit any more: the lines are others."""
        self._numbers, self.at, self._unseen = array("q"), -1, []

    def add(self, first: int, end: int) -> None:
        """Have some lines looked through, after those that wait for it."""
        if self.wanted is not None and first < end:
            self._unseen.append((first, end))

    def shift(self, count: int) -> None:
        """Take in that so many lines came before the first one, and have them looked through."""
        self._came_before += count
        self._unseen = [(first + count, end + count) for first, end in self._unseen]
        self.add(0, count)

    @property
    def is_looking(self) -> bool:
        """There are lines that have not been looked through."""
        return bool(self._unseen)

    def is_at(self, line: int) -> bool:
        """Say whether the reader is at this one."""
        return 0 <= self.at < len(self) and self[self.at] == line

    def look(self, seconds: float) -> None:
        """Look through the next lines, for so long."""
        until = time.monotonic() + seconds
        while self.wanted is not None and self._unseen:
            first, end = self._unseen.pop(0)
            stop = min(first + CHUNK, end)
            if stop < end:
                self._unseen.insert(0, (stop, end))
            before = self._came_before
            found = self._store.matches(self.wanted, first, stop)
            self._take(array("q", (line - before for line in found)))
            if time.monotonic() > until:
                return

    def _take(self, found: "array[int]") -> None:
        if found:
            place = bisect_left(self._numbers, found[0])
            self._numbers[place:place] = found
            self.at += len(found) if place <= self.at else 0
