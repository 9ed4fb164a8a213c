"""Keeps any number of styled lines in little memory: those nobody looks at are packed."""

import json
import re
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
_BREAK = "\0"  # between two lines; what is shown has none
_BREAKS = re.compile(_BREAK)


class Chunk:
    """Neighbouring lines: their texts, and their spans as numbers three by three."""

    def __init__(self) -> None:
        self.widths = array("i")
        """Cells of each line; below zero where it is not plain ASCII."""
        self.texts: list[str] = []
        self.spans: list[list[int]] = []
        self._packed_texts = self._packed_spans = b""
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
        self.texts.append(text.replace(_BREAK, "␀") if _BREAK in text else text)
        self.spans.append(spans)
        self.widths.append(len(text) if text.isascii() else -cell_len(text))

    def pack(self) -> None:
        """Let the lines go; a few bytes of each stay."""
        if not self._packed_texts:
            self._packed_texts = _packed(_BREAK.join(self.texts))
            self._packed_spans = _packed(json.dumps(self.spans))
        self.texts, self.spans = [], []

    def unpack(self) -> None:
        """Bring the lines back."""
        self.texts = self.text.split(_BREAK)
        self.spans = json.loads(zlib.decompress(self._packed_spans))

    @property
    def text(self) -> str:
        """All lines in one, without bringing them back."""
        if self.is_open:
            return _BREAK.join(self.texts)
        return zlib.decompress(self._packed_texts).decode(errors="surrogatepass")

    def matches(self, wanted: Pattern[str], skip: int) -> Iterator[int]:
        """Find the lines that have something of what is wanted behind their first characters."""
        text = self.text
        found = wanted.search(text)
        if found is None:
            return
        starts = [0, *(place.end() for place in _BREAKS.finditer(text)), len(text) + 1]
        while found is not None:
            line = bisect_right(starts, found.start()) - 1
            first, end = min(starts[line] + skip, starts[line + 1]), starts[line + 1]
            if found.start() >= first:
                yield line
            found = wanted.search(text, end if found.start() >= first else first)


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode(errors="surrogatepass"), 1)


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
            found = (start + line for line in chunk.matches(wanted, self.skip))
            yield from (number for number in found if first <= number < end)

    def _find(self, line: int) -> tuple[Chunk, int]:
        at = bisect_right(self.starts, line) - 1
        chunk = self.chunks[at]
        if not chunk.is_open:
            chunk.unpack()
            self._keep_open(chunk)
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
