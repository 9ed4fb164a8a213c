"""Turns values into lines for a `LinePane`: text and JSON. Pure."""

import re

from textual.content import Content, Span

from tuiflow.tui.format import size
from tuiflow.tui.safe_text import safe_text
from tuiflow.tui.theme import MUTED
from tuiflow.tui.widgets.failure_lines import SourceLines, failure_lines
from tuiflow.tui.widgets.log_lines import log_lines
from tuiflow.tui.widgets.opening import with_openings

__all__ = [
    "SourceLines",
    "cut_lines",
    "failure_lines",
    "json_lines",
    "log_lines",
    "text_lines",
]

LONGEST_LINE = 4000  # characters drawn of one line
_JSON = re.compile(
    r'(?P<key>"(?:\\.|[^"\\])*"(?=\s*:))'
    r'|(?P<string>"(?:\\.|[^"\\])*"?)'
    r"|(?P<number>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)"
    r"|(?P<word>\b(?:true|false|null)\b)"
    r"|(?P<mark>[{}\[\],:]+)"
)
_JSON_STYLES = {
    "key": "$accent",
    "string": "$success",
    "number": "$warning",
    "word": "$secondary",
    "mark": MUTED,
}


def text_lines(text: str) -> list[Content]:
    """Cut plain text into lines."""
    return [Content(line, strip_control_codes=False) for line in cut_lines(text)]


def json_lines(text: str) -> list[Content]:
    """Colour indented JSON, which can be folded; text that breaks off in the middle is fine."""
    return with_openings([_json_line(line) for line in cut_lines(text)])


def cut_lines(text: str) -> list[str]:
    """Cut text into harmless lines that are not too long to draw."""
    lines = safe_text(text).split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return [line if len(line) <= LONGEST_LINE else _shortened(line) for line in lines]


def _shortened(line: str) -> str:
    rest = len(line) - LONGEST_LINE
    return f"{line[:LONGEST_LINE]} … {size(rest)} more in this line"


def _json_line(line: str) -> Content:
    spans = [
        Span(match.start(), match.end(), _JSON_STYLES[match.lastgroup or "mark"])
        for match in _JSON.finditer(line)
    ]
    return Content(line, spans, strip_control_codes=False)
