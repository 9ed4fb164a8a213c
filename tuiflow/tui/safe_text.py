"""Cuts text from workflows into harmless lines of a terminal, by the cells they take."""

from rich.cells import cell_len, set_cell_size

from tuiflow.model.safe_text import LONGEST_SEQUENCE, safe_text

ELLIPSIS = "…"


def safe_line(text: str, limit: int = 1000) -> str:
    """Make it one harmless line, cut at `limit` cells."""
    # What lies far behind the cut never needs cleaning: a cell is at least no character long.
    line = safe_text(text[: limit * 4 + LONGEST_SEQUENCE]).replace("\n", "⏎")
    return cut(line, limit)


def cut(line: str, limit: int) -> str:
    """Cut a harmless line at `limit` cells, with `…` for what is missing."""
    if len(line) <= limit and line.isascii():
        return line
    if cell_len(line) <= limit:
        return line
    return set_cell_size(line, max(0, limit - 1)).rstrip() + ELLIPSIS if limit > 0 else ""


__all__ = ["cut", "safe_line", "safe_text"]
