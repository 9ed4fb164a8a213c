"""Keeps any number of styled lines in little memory: those nobody looks at are packed."""

import json
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from re import Pattern

from rich.cells import cell_len
from textual.content import Content, Span
from textual.style import Style

CHUNK = 1024  # lines
_KEPT_OPEN = 8  # packed chunks whose lines are at hand


class Chunk:
    """Neighbouring lines: their texts, and their spans as numbers three by three."""

    def __init__(self) -> None:
        self.widths = array("i")
        """Cells of each line; below zero where it is not plain ASCII."""
        self.texts: list[str] = []
        self.spans: list[list[int]] = []
        self._packed = b""
        self.is_sealed = False
        """No line comes to it any more."""

    def __len__(self) -> int:
        return len(self.widths)

    @property
    def is_open(self) -> bool:
        """Its lines are at hand."""
        return bool(self.texts)

    def add(self, text: str, spans: list[int]) -> None:
        """Add a line."""
        self.texts.append(text)
        self.spans.append(spans)
        self.widths.append(len(text) if text.isascii() else -cell_len(text))

    def pack(self) -> None:
        """Let the lines go; a few bytes of each stay."""
        if not self._packed:
            self._packed = zlib.compress(json.dumps([self.texts, self.spans]).encode(), 1)
        self.texts, self.spans = [], []

    def unpack(self) -> None:
        """Bring the lines back."""
        self.texts, self.spans = json.loads(zlib.decompress(self._packed))


class LineStore:
    """Lines that may be added at both ends."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.starts: list[int] = []
        """The number of each chunk's first line."""
        self.skip = 0
        """Characters at the beginning of each line that are left out, one cell each."""
        self._widest = 0
        self._open: list[Chunk] = []
        self._styles: list[Style | str] = []
        self._style_ids: dict[Style | str, int] = {}

    def __len__(self) -> int:
        return self.starts[-1] + len(self.chunks[-1]) if self.chunks else 0

    def text(self, line: int) -> str:
        """Give a line's text."""
        chunk, at = self._find(line)
        return chunk.texts[at][self.skip :]

    @property
    def widest(self) -> int:
        """Cells of the widest line so far."""
        return max(self._widest - self.skip, 0)

    def texts(self, first: int, end: int) -> list[str]:
        """Give the texts of some lines."""
        return [self.text(line) for line in range(max(first, 0), min(end, len(self)))]

    def content(self, line: int) -> Content:
        """Give a line as it was added."""
        chunk, at = self._find(line)
        parts = iter(chunk.spans[at])
        spans = [
            Span(start, end, self._styles[style])
            for start, end, style in zip(parts, parts, parts, strict=True)
        ]
        content = Content(chunk.texts[at], spans, strip_control_codes=False)
        return content[self.skip :] if self.skip else content

    def extend(self, lines: Sequence[Content]) -> None:
        """Add lines behind the last one."""
        for line in lines:
            if not self.chunks or self.chunks[-1].is_sealed:
                self.starts.append(len(self))
                self.chunks.append(Chunk())
            self._add(self.chunks[-1], line)
            if len(self.chunks[-1]) >= CHUNK:
                self._keep_open(self.chunks[-1])

    def prepend(self, lines: Sequence[Content]) -> None:
        """Add lines before the first one."""
        before: list[Chunk] = []
        for first in range(0, len(lines), CHUNK):
            chunk = Chunk()
            for line in lines[first : first + CHUNK]:
                self._add(chunk, line)
            before.append(chunk)
            self._keep_open(chunk)
        self.chunks[:0] = before
        self.starts, at = [], 0
        for chunk in self.chunks:
            self.starts.append(at)
            at += len(chunk)

    def clear(self) -> None:
        """Let every line go."""
        skip = self.skip
        self.__init__()
        self.skip = skip

    def matches(
        self, wanted: Pattern[str], first: int = 0, end: int | None = None
    ) -> Iterator[int]:
        """Find the lines from `first` on that have something of what is wanted."""
        at = max(bisect_right(self.starts, first) - 1, 0)
        end = len(self) if end is None else end
        for start, chunk in zip(self.starts[at:], self.chunks[at:], strict=True):
            if start >= end:
                return
            for number, text in enumerate(self._texts_of(chunk), start):
                if first <= number < end and wanted.search(text, self.skip):
                    yield number

    def _texts_of(self, chunk: Chunk) -> list[str]:
        if not chunk.is_open:
            chunk.unpack()
            self._keep_open(chunk)
        return chunk.texts

    def _find(self, line: int) -> tuple[Chunk, int]:
        at = bisect_right(self.starts, line) - 1
        chunk = self.chunks[at]
        self._texts_of(chunk)
        return chunk, line - self.starts[at]

    def _keep_open(self, chunk: Chunk) -> None:
        chunk.is_sealed = True
        self._open.append(chunk)
        if len(self._open) > _KEPT_OPEN:
            self._open.pop(0).pack()

    def _add(self, chunk: Chunk, line: Content) -> None:
        packed: list[int] = []
        for start, end, style in line.spans:
            style_id = self._style_ids.get(style)
            if style_id is None:
                style_id = self._style_ids[style] = len(self._styles)
                self._styles.append(style)
            packed += (start, end, style_id)
        chunk.add(line.plain, packed)
        self._widest = max(self._widest, abs(chunk.widths[-1]))
