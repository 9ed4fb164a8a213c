"""Puts lines on the terminal: text made safe, colour only where a person reads, JSON otherwise."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from rich.cells import cell_len

from tuiflow.model.status import Status
from tuiflow.tui.glyphs import glyph
from tuiflow.tui.safe_text import safe_line, safe_text

BOLD, DIM, RED, GREEN, YELLOW, MAGENTA, CYAN = "1", "2", "31", "32", "33", "35", "36"
COLOURS = {
    Status.RUNNING: CYAN,
    Status.COMPLETED: GREEN,
    Status.REUSED: GREEN,
    Status.ERROR: RED,
    Status.CRASHED: RED,
    Status.CANCELLED: MAGENTA,
    Status.PENDING: DIM,
    Status.SKIPPED: DIM,
    Status.PAUSED: YELLOW,
}


class Cell(NamedTuple):
    """One field of a table: harmless text, and its colour on a terminal."""

    text: str
    colour: str = ""


def print_json(value: object) -> None:
    """Print one object as one line; only ASCII, so no text of a workflow reaches a terminal raw."""
    print(json.dumps(value, separators=(",", ":")))


def print_line(*parts: str) -> None:
    """Print parts that are harmless already, with a blank between."""
    print(" ".join(part for part in parts if part).rstrip())


def print_text(text: str) -> None:
    """Print text of a workflow, made harmless."""
    print(safe_text(text))


def tell(sentence: str) -> None:
    """Say something beside the output: on stderr, so that pipes stay clean."""
    print(f"tuiflow: {safe_line(sentence)}", file=sys.stderr, flush=True)


def paint(text: str, colour: str) -> str:
    """Colour a harmless text for a terminal; it stays as it is in a pipe and under NO_COLOR."""
    return f"\x1b[{colour}m{text}\x1b[0m" if text and colour and _has_colours() else text


def sign(status: Status) -> str:
    """Give the status's coloured glyph."""
    return paint(glyph(status), COLOURS[status])


def print_table(rows: Iterable[Sequence[Cell]]) -> None:
    """Print rows under each other, each column as wide as its widest cell."""
    table = [tuple(row) for row in rows]
    widths = [max(cell_len(cell.text) for cell in column) for column in zip(*table, strict=True)]
    for row in table:
        padded = [
            paint(cell.text, cell.colour) + " " * (width - cell_len(cell.text))
            for cell, width in zip(row, widths, strict=True)
        ]
        print("  ".join(padded).rstrip())


@cache
def _has_colours() -> bool:
    return (
        sys.stdout.isatty()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM", "dumb") != "dumb"
    )
