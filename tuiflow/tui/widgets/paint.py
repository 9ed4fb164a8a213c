"""Turns rows of styled text into full-width strips; knows colours, not what a row means."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip
from textual.style import Style

from tuiflow.tui.safe_text import cut

Piece = tuple[str, str]
"""Harmless text and its style in words, such as `bold $error`."""
Pieces = Sequence[Piece]
CURSOR_ROW = "on $primary 15%"
BLURRED_ROW = "on $foreground 7%"
_ANSI_ROWS = {CURSOR_ROW: "reverse", BLURRED_ROW: "bold"}


class Palette:
    """Resolves styles in words against a theme and a widget's own colours, once each."""

    def __init__(self, base: Style) -> None:
        self.base = base
        self._is_ansi = base.background is not None and base.background.ansi is not None
        self._styles: dict[tuple[str, str], RichStyle] = {}

    def style(self, words: str, row: str = "") -> RichStyle:
        """Give the style of a piece on a row with a style of its own."""
        key = (words, row)
        found = self._styles.get(key)
        if found is None:
            found = self._styles[key] = self.visual(words, row).rich_style
        return found

    def visual(self, words: str, row: str = "") -> Style:
        """Give the same as a style that can still be added to."""
        if self._is_ansi:
            # A terminal's own colours cannot be mixed: what would be fainter is dim instead.
            if row == CURSOR_ROW:
                # Turned round, each colour would be a block of its own.
                words = "bold" if "bold" in words else ""
            row = _ANSI_ROWS.get(row, row)
            words = f"{words} dim" if "%" in words else words
        style = self.base
        for part in (row, words):
            if part:
                style += Style.parse(part)
        return style


def paint(pieces: Iterable[Piece], width: int, palette: Palette, row: str = "") -> Strip:
    """Draw pieces as a strip of exactly `width` cells; neighbours of one style become one."""
    segments: list[Segment] = []
    left = width
    run, run_style = "", ""
    for text, words in pieces:
        cells = len(text) if text.isascii() else cell_len(text)
        if cells > left:
            text = cut(text, left)  # noqa: PLW2901 - what is drawn of it
            cells = cell_len(text)
        if run and words != run_style:
            segments.append(Segment(run, palette.style(run_style, row)))
            run = ""
        run, run_style = run + text, words
        left -= cells
        if left <= 0:
            break
    if run:
        segments.append(Segment(run, palette.style(run_style, row)))
    if left > 0:
        segments.append(Segment(" " * left, palette.style("", row)))
    return Strip(segments, width)


def width_of(pieces: Iterable[Piece]) -> int:
    """Measure pieces in cells."""
    return sum(len(text) if text.isascii() else cell_len(text) for text, _ in pieces)


def fitted(text: str, width: int) -> str:
    """Cut or pad to exactly `width` cells."""
    cells = len(text) if text.isascii() else cell_len(text)
    if cells > width:
        text = cut(text, width)
        cells = cell_len(text)
    return text + " " * (width - cells)


def right(text: str, width: int) -> str:
    """Cut or pad on the left to exactly `width` cells."""
    cells = len(text) if text.isascii() else cell_len(text)
    return " " * (width - cells) + text if cells <= width else fitted(text, width)
