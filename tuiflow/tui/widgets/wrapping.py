"""Knows which rows each line of a store takes when long lines are wrapped."""

from array import array
from bisect import bisect_right
from itertools import accumulate

from rich.cells import chop_cells

from tuiflow.tui.widgets.line_store import Chunk, LineStore

_KEPT = 16  # chunks whose rows are at hand
_LONGEST = 65_536  # characters of a line whose words are looked for


class Wrapping:
    """The rows of a store's lines at one width.

    `by_words` reads every line that is longer than a row, which a million of them is too much for.
    """

    def __init__(self, store: LineStore, width: int, *, by_words: bool = False) -> None:
        self.width = max(width, 1)
        self._by_words = by_words
        self._folded: tuple[str, list[int]] = ("", [0])
        self._store = store
        self._chunk_ends: list[int] = []
        self._kept: dict[int, array[int]] = {}
        self.measure()

    @property
    def row_count(self) -> int:
        return self._chunk_ends[-1] if self._chunk_ends else 0

    def measure(self) -> None:
        """Measure every chunk anew."""
        self._kept.clear()
        self._chunk_ends = []
        self.measure_end()

    def measure_end(self) -> None:
        """Measure the last chunk again, and what came behind it."""
        del self._chunk_ends[-1:]
        end = self.row_count
        for at in range(len(self._chunk_ends), len(self._store.chunks)):
            self._kept.pop(at, None)
            ends = self._ends(at)
            end += ends[-1] if ends else 0
            self._chunk_ends.append(end)

    def points(self, text: str) -> list[int]:
        """Say at which characters the rows of a line begin."""
        # Asked for once for each row that is painted of a line.
        if text != self._folded[0]:
            is_by_words = self._by_words and len(text) <= _LONGEST
            self._folded = text, (fold_words if is_by_words else fold_points)(text, self.width)
        return self._folded[1]

    def first_row(self, line: int) -> int:
        """Say where a line begins."""
        if line <= 0 or not self._chunk_ends:
            return 0
        at = bisect_right(self._store.starts, line) - 1
        within = line - self._store.starts[at]
        ends = self._ends(at)
        return self._before(at) + (ends[within - 1] if within else 0)

    def line_at(self, row: int) -> tuple[int, int]:
        """Say which line a row belongs to, and which of its rows it is."""
        at = bisect_right(self._chunk_ends, row)
        if at >= len(self._chunk_ends):
            return len(self._store), 0
        rest = row - self._before(at)
        ends = self._ends(at)
        within = bisect_right(ends, rest)
        return self._store.starts[at] + within, rest - (ends[within - 1] if within else 0)

    def _before(self, at: int) -> int:
        return self._chunk_ends[at - 1] if at else 0

    def _ends(self, at: int) -> "array[int]":
        kept = self._kept.get(at)
        if kept is None:
            chunk = self._store.chunks[at]
            kept = self._kept[at] = array("q", accumulate(self._heights(at, chunk)))
            if len(self._kept) > _KEPT:
                self._kept.pop(next(iter(self._kept)))
        return kept

    def _heights(self, at: int, chunk: Chunk) -> list[int]:
        width, skip = self.width, self._store.skip
        heights = [max(-((skip - cells) // width), 1) for cells in map(abs, chunk.widths)]
        for number, cells in enumerate(chunk.widths):
            is_read = self._by_words and abs(cells) > width + skip
            if is_read or cells < -width - skip:
                text = self._store.text(self._store.starts[at] + number)
                heights[number] = len(self.points(text))
        return heights


def fold_words(text: str, width: int) -> list[int]:
    """Fold a line behind the last space of a row, unless that leaves half of the row unused.

    The space may stand one cell behind the row's end.
    """
    points, at, is_narrow = [0], 0, text.isascii()
    while True:
        full = at + (width if is_narrow else _fitting(text[at : at + 2 * width], width))
        if full >= len(text):
            return points
        space = text.rfind(" ", at, full + 1)
        is_used = 2 * len(text[at:space].strip()) >= width
        at = space + 1 if space > at and is_used else full
        if at >= len(text):
            return points
        points.append(at)


def _fitting(text: str, width: int) -> int:
    parts = chop_cells(text, width)
    return max(len(parts[0]) if parts else 0, 1)


def fold_points(text: str, width: int) -> list[int]:
    """Fold a line where a row is full."""
    if text.isascii():
        return list(range(0, max(len(text), 1), width))
    points, at = [], 0
    for part in chop_cells(text, width) or [""]:
        points.append(at)
        at += len(part)
    return points
