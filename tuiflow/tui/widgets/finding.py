"""What finding text is in every pane: its keys, and the line it is typed on."""

import re
from collections.abc import Callable
from re import Pattern

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.events import Key, Paste
from textual.screen import ModalScreen
from textual.widgets import Static

from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.theme import MUTED
from tuiflow.tui.widgets.pane_key import pane_key

LONGEST = 200  # characters looked for
_COUNT_AGAIN = 0.1  # seconds
Find = Callable[[str], str]
"""Looks for a text while it is typed; gives the count, such as `3/17`."""


def find_bindings(pane: str) -> list[BindingType]:
    """Make the keys that find text, with ids of that kind of pane."""
    keys = (
        ("slash", "find", "find", "Find text in this pane"),
        ("n", "find_next(1)", "find_next", "To the next hit"),
        ("N", "find_next(-1)", "find_last", "To the hit before"),
        ("escape", "find_end", "find_end", "Stop finding"),
    )
    return [
        pane_key(f"{pane}.{verb}", key, action, verb.replace("_", " "), tip)
        for key, action, verb, tip in keys
    ]


def wanted_pattern(text: str) -> Pattern[str] | None:
    """Say what a typed text finds: a capital in it makes capitals count."""
    if not text:
        return None
    return re.compile(re.escape(text), 0 if text != text.lower() else re.IGNORECASE)


def found_line(text: str, count: str) -> Content:
    """Say what is being looked for and where among the hits the view stands."""
    return Content(f"/{safe_line(text, 30)} {count} · n N · esc ends")


class FindScreen(ModalScreen[None]):
    """A line at the bottom that takes text; what lies under it is seen, and filtered at once."""

    # It takes keys itself: a box would lose those that are typed before it is there.
    DEFAULT_CSS = """
    FindScreen { background: transparent; }
    FindScreen #find { dock: bottom; height: 1; background: $surface; padding: 0 1; }
    """

    def __init__(
        self, find: Find, found: Callable[[], str], text: str, *, last: str = "", tip: str = ""
    ) -> None:
        super().__init__()
        self._find = find
        self._found = found
        self._last = last
        self._tip = tip
        self._said: str | None = None
        self._text = text
        self._is_fresh = bool(text)
        self._line = Static(id="find")

    def compose(self) -> ComposeResult:
        yield self._line

    def on_mount(self) -> None:
        self._look(self._text)
        # Many lines are looked through a slice at a time, and the count grows meanwhile.
        self.set_interval(_COUNT_AGAIN, self._count_again)

    def _count_again(self) -> None:
        if self._text:
            self._say(self._found())

    def on_key(self, event: Key) -> None:
        if event.key == "ctrl+c":
            return
        event.stop()
        event.prevent_default()
        if event.key in {"enter", "down", "up", "tab"}:
            if not self._text:
                self._look(self._last)
            self.dismiss()
        elif event.key == "escape":
            self._look("")
            self.dismiss()
        elif event.key == "ctrl+u":
            self._look("")
        elif event.key in {"backspace", "ctrl+h"}:
            self._look(self._text[:-1])
        elif event.character is not None and event.is_printable:
            # The last text stands there to be used again, or to be typed over.
            self._look(event.character if self._is_fresh else self._text + event.character)

    def on_paste(self, event: Paste) -> None:
        event.stop()
        self._look(self._text + event.text.split("\n", 1)[0])

    def _look(self, text: str) -> None:
        self._is_fresh = self._is_fresh and text == self._text
        self._text = text[:LONGEST]
        self._said = None
        self._say(self._find(self._text))

    def _keys(self, count: str) -> str:
        """Say what can be done: with nothing typed, what may be."""
        again = f"enter takes {safe_line(self._last, 20)}" if self._last else ""
        begun = ("type to find", again or "a capital counts", self._tip)
        told = (count, "enter keeps it, n N go on") if self._text else begun
        return " · ".join(filter(None, (*told, "esc ends it")))

    def _say(self, count: str) -> None:
        if count == self._said:
            return
        self._said = count
        self._line.update(
            Content.assemble(
                ("/ ", "bold $primary"),
                safe_line(self._text, LONGEST),
                ("▏ ", "$primary"),
                (self._keys(count), MUTED),
            )
        )
