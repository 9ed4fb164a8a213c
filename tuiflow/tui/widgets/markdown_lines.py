"""Styles Markdown as lines: its text stays, and the cells of a table stand in line. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from textual.content import Content, Span

from tuiflow.tui.theme import FAINT, MUTED
from tuiflow.tui.widgets.content_lines import cut_lines

WIDEST_CELL = 40  # cells that the others of its column are brought to
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HEADING = re.compile(r"(#{1,6})\s+\S")
_LIST = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")
_QUOTE = re.compile(r"\s*>")
_RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*$")
_INLINE = re.compile(r"(?P<code>`[^`]+`)|(?P<strong>\*\*[^*]+\*\*|__[^_]+__)")
_CODE_STYLE = "$primary"
_DASHES = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?)?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")
_Side = Literal["left", "right", "center"]


def markdown_lines(text: str) -> list[Content]:
    """Style the headings, lists, tables and code of Markdown; nothing is hidden."""
    return list(_styled_lines(cut_lines(text)))


def _styled_lines(lines: Sequence[str]) -> Iterator[Content]:
    is_code = False
    at = 0
    while at < len(lines):
        line = lines[at]
        rows = 0 if is_code else _rows_of_table(lines, at)
        if rows:
            yield from _table(lines[at : at + rows])
        elif _FENCE.match(line):
            is_code = not is_code
            yield _styled(line, FAINT)
        else:
            yield _styled(line, _CODE_STYLE) if is_code else _line(line)
        at += rows or 1


def _line(line: str) -> Content:
    if heading := _HEADING.match(line):
        return _styled(line, "bold $accent" if len(heading[1]) < 3 else "bold")
    if _RULE.match(line):
        return _styled(line, FAINT)
    spans: list[Span] = []
    if _QUOTE.match(line):
        spans.append(Span(0, len(line), MUTED))
    if mark := _LIST.match(line):
        spans.append(Span(0, mark.end(), "$accent"))
    return Content(line, [*spans, *_inline(line)], strip_control_codes=False)


def _inline(line: str) -> list[Span]:
    return [
        Span(match.start(), match.end(), _CODE_STYLE if match.lastgroup == "code" else "bold")
        for match in _INLINE.finditer(line)
    ]


def _styled(line: str, style: str) -> Content:
    return Content(line, [Span(0, len(line), style)], strip_control_codes=False)


# Tables.


@dataclass(frozen=True, slots=True)
class _Column:
    width: int
    side: _Side

    def fit(self, cell: str) -> str:
        room = max(self.width - cell_len(cell), 0)
        before = {"left": 0, "right": room, "center": room // 2}[self.side]
        return " " * before + cell + " " * (room - before)

    def dashes(self) -> str:
        first = ":" if self.side == "center" else "-"
        last = "-" if self.side == "left" else ":"
        return first + "-" * self.width + last


def _rows_of_table(lines: Sequence[str], first: int) -> int:
    """Count the lines of the table that begins here: a head, dashes, and rows; 0 for none."""
    head, dashes = lines[first], lines[first + 1 : first + 2]
    if "|" not in head or not dashes or not _DASHES.match(dashes[0]):
        return 0
    end = first + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    return end - first


def _table(lines: Sequence[str]) -> Iterator[Content]:
    head, dashes, *rows = map(_cells, lines)
    columns = [
        _Column(max([3, *(_width(row, at) for row in (head, *rows))]), _side(dash))
        for at, dash in enumerate(dashes)
    ]
    yield _row(columns, head, "bold")
    yield _styled(f"|{'|'.join(column.dashes() for column in columns)}|", FAINT)
    yield from (_row(columns, row) for row in rows)


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip() for cell in _PIPE.split(inner)]


def _width(row: Sequence[str], at: int) -> int:
    return min(cell_len(row[at]), WIDEST_CELL) if at < len(row) else 0


def _side(dash: str) -> _Side:
    if dash.endswith(":"):
        return "center" if dash.startswith(":") else "right"
    return "left"


def _row(columns: Sequence[_Column], cells: Sequence[str], style: str = "") -> Content:
    short = [""] * (len(columns) - len(cells))
    fitted = [each.fit(cell) for each, cell in zip(columns, [*cells, *short], strict=False)]
    line = " | ".join([*fitted, *cells[len(columns) :]])
    parts = Content(f"| {line} |", _inline(f"| {line} |"), strip_control_codes=False)
    for pipe in _PIPE.finditer(parts.plain):
        parts = parts.stylize(FAINT, *pipe.span())
    return parts.stylize_before(style) if style else parts
