"""Keeps very many styled lines in little memory, and knows which rows each takes when wrapped."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence

from rich.cells import cell_len, chop_cells
from textual.content import Content, Span
from textual.style import Style

MOST_LINES = 200_000


class LineStore:
    """The newest lines, each as its text and its spans packed beside it."""

    def __init__(self, most: int = MOST_LINES) -> None:
        self.most = most
        self.dropped = 0
        """How many lines were let go at the top since the last clear."""
        self.widest = 0
        """Cells of the widest line so far."""
        self._texts: list[str] = []
        self._spans: list[array[int] | None] = []
        self._styles: list[Style | str] = []
        self._style_ids: dict[Style | str, int] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def text(self, line: int) -> str:
        """Give a line's text."""
        return self._texts[line]

    def texts(self, first: int, end: int) -> list[str]:
        """Give the texts of some lines."""
        return self._texts[first:end]

    def content(self, line: int) -> Content:
        """Give a line as it was added."""
        packed = self._spans[line]
        spans: list[Span] = []
        if packed is not None:
            parts = iter(packed)
            spans = [
                Span(start, end, self._styles[style])
                for start, end, style in zip(parts, parts, parts, strict=True)
            ]
        return Content(self._texts[line], spans, strip_control_codes=False)

    def extend(self, lines: Sequence[Content]) -> int:
        """Add lines; say how many old ones were dropped for them."""
        texts = [line.plain for line in lines]
        self._texts.extend(texts)
        self._spans.extend(self._pack(line.spans) for line in lines)
        self.widest = max(self.widest, max(map(cells, texts), default=0))
        if len(self._texts) <= self.most:
            return 0
        # A tenth more than needed, so that dropping costs nothing on average.
        drop = min(len(self._texts) - self.most + self.most // 10, len(self._texts) - 1)
        del self._texts[:drop]
        del self._spans[:drop]
        self.dropped += drop
        return drop

    def clear(self) -> None:
        """Let every line go."""
        self.__init__(self.most)

    def _pack(self, spans: Sequence[Span]) -> "array[int] | None":
        if not spans:
            return None
        packed = array("I")
        for start, end, style in spans:
            style_id = self._style_ids.get(style)
            if style_id is None:
                style_id = self._style_ids[style] = len(self._styles)
                self._styles.append(style)
            packed.extend((start, end, style_id))
        return packed


class Wrapping:
    """Which rows each line takes at one width."""

    def __init__(self, width: int) -> None:
        self.width = max(width, 1)
        self._ends = array("Q")

    @property
    def row_count(self) -> int:
        return self._ends[-1] if self._ends else 0

    def extend(self, texts: Sequence[str]) -> None:
        """Add lines at the end."""
        end, width, ends = self.row_count, self.width, self._ends
        for text in texts:
            count = len(text)
            if count > width or not text.isascii():
                end += len(fold_points(text, width))
            else:
                end += 1
            ends.append(end)

    def first_row(self, line: int) -> int:
        """Say where a line begins."""
        return self._ends[line - 1] if line > 0 else 0

    def line_at(self, row: int) -> tuple[int, int]:
        """Say which line a row belongs to, and which of its rows it is."""
        line = bisect_right(self._ends, row)
        return line, row - self.first_row(line)


def fold_points(text: str, width: int) -> list[int]:
    """Say at which characters the rows of a wrapped line begin."""
    if text.isascii():
        return list(range(0, max(len(text), 1), width))
    points, at = [], 0
    for part in chop_cells(text, width) or [""]:
        points.append(at)
        at += len(part)
    return points


def cells(text: str) -> int:
    """Measure a line."""
    return len(text) if text.isascii() else cell_len(text)
