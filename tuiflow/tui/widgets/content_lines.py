"""Turns values into lines for a `LinePane`: text, JSON and Markdown. Pure."""

import re

from textual.content import Content, Span

from tuiflow.tui.format import size
from tuiflow.tui.safe_text import safe_text
from tuiflow.tui.theme import FAINT, MUTED
from tuiflow.tui.widgets.failure_lines import SourceLines, failure_lines
from tuiflow.tui.widgets.log_lines import log_lines
from tuiflow.tui.widgets.opening import with_openings

__all__ = [
    "SourceLines",
    "failure_lines",
    "json_lines",
    "log_lines",
    "markdown_lines",
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
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HEADING = re.compile(r"(#{1,6})\s+\S")
_LIST = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")
_QUOTE = re.compile(r"\s*>")
_RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*$")
_INLINE = re.compile(r"(?P<code>`[^`]+`)|(?P<strong>\*\*[^*]+\*\*|__[^_]+__)")
_CODE_STYLE = "$primary"


def text_lines(text: str) -> list[Content]:
    """Cut plain text into lines."""
    return [Content(line, strip_control_codes=False) for line in _lines(text)]


def json_lines(text: str) -> list[Content]:
    """Colour indented JSON, which can be folded; text that breaks off in the middle is fine."""
    return with_openings([_json_line(line) for line in _lines(text)])


def markdown_lines(text: str) -> list[Content]:
    """Style the headings, lists and code of Markdown; nothing is moved or hidden."""
    lines: list[Content] = []
    is_code = False
    for line in _lines(text):
        if _FENCE.match(line):
            is_code = not is_code
            lines.append(_styled(line, FAINT))
        elif is_code:
            lines.append(_styled(line, _CODE_STYLE))
        else:
            lines.append(_markdown_line(line))
    return lines


def _lines(text: str) -> list[str]:
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


def _markdown_line(line: str) -> Content:
    if heading := _HEADING.match(line):
        style = "bold $accent" if len(heading[1]) < 3 else "bold"
        return _styled(line, style)
    if _RULE.match(line):
        return _styled(line, FAINT)
    spans: list[Span] = []
    if _QUOTE.match(line):
        spans.append(Span(0, len(line), MUTED))
    if mark := _LIST.match(line):
        spans.append(Span(0, mark.end(), "$accent"))
    for match in _INLINE.finditer(line):
        style = _CODE_STYLE if match.lastgroup == "code" else "bold"
        spans.append(Span(match.start(), match.end(), style))
    return Content(line, spans, strip_control_codes=False)


def _styled(line: str, style: str) -> Content:
    return Content(line, [Span(0, len(line), style)], strip_control_codes=False)
