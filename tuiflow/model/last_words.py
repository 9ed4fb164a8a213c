"""What a process wrote before it ended, read as a report of how it ended."""

import re
from dataclasses import dataclass

from tuiflow.model.failure import Frame

LAST_LINES = 5
_FRAME = re.compile(r'^  File "(?P<file>.*)", line (?P<line>\d+) in (?P<function>.*)$')
_SIGNALS = {
    "Segmentation fault": "SIGSEGV",
    "Aborted": "SIGABRT",
    "Bus error": "SIGBUS",
    "Illegal instruction": "SIGILL",
    "Floating-point exception": "SIGFPE",
}
_FATAL = "Fatal Python error: "
_TIMEOUT = "Timeout ("


@dataclass(frozen=True)
class LastWords:
    """How a process ended, as Python's faulthandler and its own output tell it."""

    signal: str = ""
    """`SIGSEGV`, the words of another fatal error, or empty."""
    took_too_long: bool = False
    frames: tuple[Frame, ...] = ()
    """Where it was, outermost first."""
    lines: tuple[str, ...] = ()
    """The last ones it wrote itself."""


def parse_last_words(text: str) -> LastWords:
    """Find faulthandler's report at the end of a process's output, and what stood before it."""
    lines = text.splitlines()
    reports = [at for at, line in enumerate(lines) if line.startswith((_FATAL, _TIMEOUT))]
    if not reports:
        return LastWords(lines=_last(lines))
    head, body = lines[reports[-1]], lines[reports[-1] + 1 :]
    words = head.removeprefix(_FATAL)
    return LastWords(
        signal="" if head.startswith(_TIMEOUT) else _SIGNALS.get(words, words),
        took_too_long=head.startswith(_TIMEOUT),
        frames=_main_frames(body),
        lines=_last(lines[: reports[-1]]),
    )


def _last(lines: list[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line.strip())[-LAST_LINES:]


def _main_frames(lines: list[str]) -> tuple[Frame, ...]:
    # Threads are listed youngest first, each from its innermost frame outwards. A fatal signal's
    # own is called the current one; an import runs in the main thread, which comes last.
    frames: list[Frame] = []
    is_current = False
    for line in lines:
        if "most recent call first" in line:
            if is_current:
                break
            is_current = line.startswith("Current thread")
            frames.clear()
        elif found := _FRAME.match(line):
            frames.append(
                Frame(file=found["file"], line=int(found["line"]), function=found["function"])
            )
    return tuple(reversed(frames))
