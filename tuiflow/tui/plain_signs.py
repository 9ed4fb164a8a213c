"""Draws with ASCII alone, where somebody wants that or the terminal knows no other signs."""

from collections.abc import Mapping, Sequence

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

# Every sign and line we draw with, one cell for one cell; other letters are left as they are.
_INSTEAD = {
    "-": "─╴╶▔⊘",
    "=": "═━╸╺",
    "|": "│┃║┊╵╷▌▍▎▏▕▐▊▋",
    "+": "╭╮╯╰┌┐└┘┏┓┗┛├┤┬┴┼┣┫✓",
    "_": "▁▂▃▄",
    "#": "▅▆▇█▉▓▀",
    ".": "░╌◌·…",
    ":": "▒",
    ">": "▸▶›→",
    "x": "✗×",
    "c": "⊗",
    "r": "↻",
    "`": "↳",
    "v": "▾▼↓",
    "<": "‹←",
    ";": "⏎",
    "d": "Δ",
    "^": "↑▲",
    "*": "∙",
    "2": "½",
}
SIGNS = {ord(sign): plain for plain, signs in _INSTEAD.items() for sign in signs}


class PlainSigns(LineFilter):
    """Changes each sign for one of ASCII as a line is painted."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            Segment(text.translate(SIGNS), style, control) if not text.isascii() else segment
            for segment in segments
            for text, style, control in (segment,)
        ]


def is_wanted(environ: Mapping[str, str]) -> bool:
    """Say whether the terminal has few signs, or its locale another encoding than UTF-8."""
    if environ.get("TERM") == "linux":
        return True  # its console has 256 or 512 of them
    names: Sequence[str] = [environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    locale = next((name for name in names if name), "")
    encoding = locale.partition(".")[2].partition("@")[0].lower().replace("-", "")
    return encoding not in {"", "utf8"}
