"""What happened, one line each: reloads, refusals, and our own errors."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from textual.content import Content

from tuiflow.tui.format import clock
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.theme import MUTED

Tone = Literal["news", "done", "error"]
_SIGNS: dict[Tone, tuple[str, str]] = {
    "news": ("↻", "$primary"),
    "done": ("·", MUTED),
    "error": ("!", "bold $error"),
}
_KEPT = 200


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing worth a line."""

    at: int
    text: str
    tone: Tone

    def line(self) -> Content:
        """Write it for the notice line."""
        sign, style = _SIGNS[self.tone]
        text = safe_line(self.text)
        return Content.assemble(
            " ",
            (sign, style),
            (f" {clock(self.at)[:8]} ", MUTED),
            (text, "$error") if self.tone == "error" else text,
        )


class Notices:
    """The notices so far; the newest is the one on the screen."""

    def __init__(self) -> None:
        self._notices: deque[Notice] = deque(maxlen=_KEPT)

    def add(self, at: int, text: str, tone: Tone = "done") -> bool:
        """Keep a notice; the same one again is one, with its new time. Says whether it is new."""
        latest = self.latest
        is_new = latest is None or (latest.text, latest.tone) != (text, tone)
        if not is_new:
            self._notices.pop()
        self._notices.append(Notice(at, text, tone))
        return is_new

    def __iter__(self) -> Iterator[Notice]:
        return iter(self._notices)

    def __len__(self) -> int:
        return len(self._notices)

    @property
    def latest(self) -> Notice | None:
        return self._notices[-1] if self._notices else None
