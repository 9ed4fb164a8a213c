"""What a terminal shows outside of our picture: its title, a progress, and a bell."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tuiflow.tui.safe_text import safe_line

LONGEST_TITLE = 80  # cells
UNKNOWN = -1
_KEEP_TITLE, _GIVE_TITLE_BACK = "\x1b[22;2t", "\x1b[23;2t"
_NO_PROGRESS = "\x1b]9;4;0;\x07"
_PLAIN_TERMINALS = {"dumb", "linux"}
_PROGRESS_OF_ITERM = (3, 6)
"""Before, it took a progress for a message to show."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person lets us tell the terminal."""

    title: bool = True
    progress: bool = True
    bell: bool = True


class Outside:
    """Writes only what differs from what the terminal was told last."""

    def __init__(self, write: Callable[[str], object], environ: Mapping[str, str] = os.environ):
        self._write = write
        self._can = _what_it_can(environ)
        self.wanted = self._can
        self._title = ""
        self._progress: int | None = None

    def allow(self, wanted: Wanted) -> None:
        """Tell no more than a person wants, and the terminal can take."""
        can = self._can
        self.wanted = replace(
            wanted,
            title=wanted.title and can.title,
            progress=wanted.progress and can.progress,
            bell=wanted.bell and can.bell,
        )

    def show(self, title: str, progress: int | None) -> None:
        """Name the window, and say how far it is: percents, UNKNOWN, or None when nothing runs."""
        title = safe_line(title, LONGEST_TITLE)
        if self.wanted.title and title != self._title:
            # Kept once, before it is ours.
            self._write(f"{'' if self._title else _KEEP_TITLE}\x1b]2;{title}\x07")
            self._title = title
        if self.wanted.progress and progress != self._progress:
            self._progress = progress
            self._write(_progress(progress))

    def ring(self) -> None:
        """Call whoever looks elsewhere."""
        if self.wanted.bell:
            self._write("\x07")

    def leave(self, write: Callable[[str], object]) -> None:
        """Give the terminal back as it was."""
        if self._progress is not None:
            write(_NO_PROGRESS)
        if self._title:
            write(_GIVE_TITLE_BACK)
        self._title, self._progress = "", None


def _progress(progress: int | None) -> str:
    if progress is None:
        return _NO_PROGRESS
    return "\x1b]9;4;3;\x07" if progress == UNKNOWN else f"\x1b]9;4;1;{progress}\x07"


def _what_it_can(environ: Mapping[str, str]) -> Wanted:
    if environ.get("TERM", "dumb") in _PLAIN_TERMINALS:
        return Wanted(title=False, progress=False)
    version = tuple(
        int(part) for part in re.findall(r"\d+", environ.get("TERM_PROGRAM_VERSION", ""))
    )
    is_old = environ.get("TERM_PROGRAM") == "iTerm.app" and version < _PROGRESS_OF_ITERM
    return Wanted(progress=not is_old)
