"""Writes logged lines: time, level, text with the colours its author gave it. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rich.color import Color
from textual.content import Content, Span

from tuiflow.model.events import Event, StepContentEvent, StepLogEvent
from tuiflow.model.ids import NodePath, path_name
from tuiflow.model.run_event import LogLevel
from tuiflow.tui.format import clock, size
from tuiflow.tui.safe_text import safe_line, safe_text
from tuiflow.tui.theme import FAINT, MUTED

LONGEST_LINE = 1000  # cells drawn of one line
LONGEST_TEXT = 64_000  # characters drawn of one event
LONGEST_NAME = 20  # cells of whoever said it
HEAD_CELLS = len("14:02:03.114 ")  # of the time before each line
_SGR = re.compile("\x1b\\[([0-9;:]{0,64})m")
_LEVELS: dict[LogLevel, tuple[str, str, str]] = {
    "debug": ("·", FAINT, MUTED),
    "info": (" ", MUTED, ""),
    "warning": ("!", "bold $warning", "$warning"),
    "error": ("✗", "bold $error", "$error"),
    "critical": ("✗", "bold $error", "bold $error"),
}
_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_ON = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike"}
_OFF = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",), 29: ("strike",)}


def log_lines(events: Sequence[Event], of: NodePath | None = None) -> list[Content]:
    """Write logged lines with their time and level; other kinds of events are passed over.

    In the log of the node `of`, what another one has said has that one's name before it.
    """
    return [line for event in events for line in _event_lines(event, of or event.node_path)]


def _event_lines(event: Event, of: NodePath) -> Iterator[Content]:
    match event:
        case StepLogEvent():
            sign, sign_style, style = _LEVELS[event.level]
            text = event.text
        case StepContentEvent():
            sign, sign_style, style = "›", MUTED, ""
            text = event.text
        case _:
            return
    when = clock(event.at)
    head, who = f"{when} {sign} ", speaker(event, of)
    spans = [Span(0, len(when), FAINT), Span(len(when), len(head), sign_style)]
    blank = " " * len(head)
    for number, (line, coloured) in enumerate(coloured_lines(text[:LONGEST_TEXT], style)):
        begun = len(head) + len(who)
        told = [Span(len(head), begun, MUTED)] if who else []
        shifted = [Span(a + begun, b + begun, words) for a, b, words in coloured]
        yield Content(
            f"{blank if number else head}{who}{line}",
            [*([] if number else spans), *told, *shifted],
            strip_control_codes=False,
        )
    if (rest := len(text) - LONGEST_TEXT) > 0:
        yield Content.styled(f"{blank}… {size(rest)} more of this: v opens all of it", MUTED)


def speaker(event: Event, of: NodePath) -> str:
    """Write who said it, before the text; nothing where it is the node whose log this is."""
    who = event.node_path
    return "" if who == of else f"{safe_line(path_name(who), LONGEST_NAME)} │ "


def coloured_lines(text: str, style: str = "") -> Iterator[tuple[str, list[Span]]]:
    """Cut text into harmless lines and turn its colour codes into spans."""
    sgr, words = Sgr(), style
    for raw in text.rstrip("\n").split("\n"):
        if "\x1b" not in raw:
            line = _told(safe_line(raw.rstrip("\r"), LONGEST_LINE), len(raw))
            yield line, [Span(0, len(line), words)] if words and line else []
        else:
            yield _coloured_line(raw, style, sgr)
            words = " ".join(part for part in (style, sgr.style) if part)


def _told(line: str, whole: int) -> str:
    """Say how much of a line that was cut is not there."""
    return (
        f"{line} {size(whole - LONGEST_LINE)} more in this line"
        if line[-1:] == "…" and whole > LONGEST_LINE
        else line
    )


def _coloured_line(raw: str, style: str, sgr: "Sgr") -> tuple[str, list[Span]]:
    line, spans = "", list[Span]()
    # The split gives text, codes, text, codes, …, text.
    for position, part in enumerate(_SGR.split(raw)):
        if position % 2:
            sgr.take(part)
            continue
        shown = safe_text(part.rstrip("\r"))
        words = " ".join(word for word in (style, sgr.style) if word)
        if shown and words:
            spans.append(Span(len(line), len(line) + len(shown), words))
        line += shown
        if len(line) > LONGEST_LINE:
            line = _told(line[: LONGEST_LINE - 1] + "…", len(raw))
            break
    return line, [Span(a, min(b, len(line)), words) for a, b, words in spans if a < len(line)]


class Sgr:
    """The colours a text has switched on so far."""

    def __init__(self) -> None:
        self._on: set[str] = set()
        self._front = ""
        self._back = ""

    @property
    def style(self) -> str:
        """The same in words."""
        back = f"on {self._back}" if self._back else ""
        return " ".join(part for part in (*sorted(self._on), self._front, back) if part)

    def take(self, codes: str) -> None:
        """Switch as one sequence's numbers say; what is unknown is passed over."""
        numbers = iter([int(code or 0) for code in re.split("[;:]", codes)][:32])
        for code in numbers:
            self._take_one(code, numbers)

    def _take_one(self, code: int, rest: Iterable[int]) -> None:
        if code == 0:
            self.__init__()
        elif code in _ON:
            self._on.add(_ON[code])
        elif code in _OFF:
            self._on.difference_update(_OFF[code])
        elif code in {38, 48}:
            colour = _wide_colour(iter(rest))
            if code == 38:
                self._front = colour
            else:
                self._back = colour
        else:
            self._take_colour(code)

    def _take_colour(self, code: int) -> None:
        if 30 <= code <= 37:
            self._front = f"ansi_{_NAMES[code - 30]}"
        elif 90 <= code <= 97:
            self._front = f"ansi_bright_{_NAMES[code - 90]}"
        elif 40 <= code <= 47:
            self._back = f"ansi_{_NAMES[code - 40]}"
        elif 100 <= code <= 107:
            self._back = f"ansi_bright_{_NAMES[code - 100]}"
        elif code == 39:
            self._front = ""
        elif code == 49:
            self._back = ""


def _wide_colour(rest: Iterator[int]) -> str:
    mode = next(rest, 0)
    if mode == 5:
        red, green, blue = Color.from_ansi(min(next(rest, 0), 255)).get_truecolor()
    elif mode == 2:
        red, green, blue = (min(next(rest, 0), 255) for _ in range(3))
    else:
        return ""
    return f"#{red:02x}{green:02x}{blue:02x}"
