"""The keys that work where it was asked, searchable, with the reason where one does nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from textwrap import wrap
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.events import Resize
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from tuiflow.tui.bars import SaysWhyNot
from tuiflow.tui.theme import FAINT, MUTED
from tuiflow.tui.titles import PANE_NAMES
from tuiflow.tui.widgets.line_pane import LinePane
from tuiflow.tui.widgets.text_box import LineBox

_KEYS_CELLS = 16
_ROOM_FOR_NAMES = 60  # cells
_EVERYWHERE = "EVERYWHERE"
_HEADINGS = {
    "runs": "WORKFLOWS AND RUNS",
    "panes": "LOOK CLOSER",
    "steps": "STEPS",
    "list": "LIST",
    "values": "TEXT",
    "lines": "TEXT",
    "logs": "TEXT",
    "events": "EVENTS",
    "browser": "EVENTS",
    "notices": "NOTICES",
    "page": _EVERYWHERE,
    "app": _EVERYWHERE,
    "start": "FORM",
    "ask": "ANSWERS",
    "cancel": "ANSWERS",
    "copy_as": "ANSWERS",
    "command": "COMMAND LINE",
    "dialog": _EVERYWHERE,
}


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """One action with every key that does it."""

    heading: str
    keys: str
    name: str
    text: str
    why_not: str


def keys_of(screen: Screen[Any]) -> list[KeyHelp]:
    """List what the keys do on a screen with the focus where it is."""
    found: dict[str, KeyHelp] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.id is None:
            continue
        key = screen.app.get_key_display(binding)
        known = found.get(binding.id)
        if known is not None and key in known.keys.split():
            continue
        group = binding.id.partition(".")[0]
        found[binding.id] = KeyHelp(
            heading=_HEADINGS.get(group, group.upper()),
            keys=f"{known.keys} {key}" if known else key,
            name=binding.description,
            text=f"{binding.tooltip.removesuffix('.')}.",
            why_not=screen.why_not(binding.action) if isinstance(screen, SaysWhyNot) else "",
        )
    return list(found.values())


def known_keys() -> dict[str, str]:
    """List all keys of pages, panes and dialogs, by the ids of their bindings."""
    # Deferred, as where it is shown: only who has moved a key needs that of the form here.
    import_module("tuiflow.tui.screens.start.start")
    found: dict[str, list[str]] = defaultdict(list)
    waiting: list[type[DOMNode]] = [DOMNode]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("tuiflow."):
            own = Binding.make_bindings(kind.__dict__.get("BINDINGS", ()))
            for binding in own:
                found[binding.id or ""].append(binding.key)
    return {name: ",".join(keys) for name, keys in found.items() if name}


def help_lines(keys: Sequence[KeyHelp], wanted: str, width: int) -> list[Content]:
    """Write the keys that match what is searched for, under their headings, in so many cells."""
    words = wanted.lower().split()
    lines: list[Content] = []
    headings = dict.fromkeys(key.heading for key in keys)
    for heading in sorted(headings, key=lambda each: each == _EVERYWHERE):
        rows = [key for key in keys if key.heading == heading and _matches(key, words)]
        if rows:
            lines += [Content(), Content.styled(heading, "bold $primary")]
            lines += [line for key in rows for line in _rows(key, width)]
    return lines[1:] or [Content.styled("No key does that.", MUTED)]


def _matches(key: KeyHelp, words: Iterable[str]) -> bool:
    text = f"{key.keys} {key.name} {key.text}".lower()
    return all(word in text for word in words)


def _rows(key: KeyHelp, width: int) -> list[Content]:
    # Where there is little room, a key's sentence says enough.
    name = f"{key.name[:1].upper() + key.name[1:]:<16}" if width >= _ROOM_FOR_NAMES else ""
    text_at = _KEYS_CELLS + len(name) + 1
    room = max(width - text_at, 20)
    first, *more = wrap(key.text, room) or [""]
    rows = [
        Content.assemble(
            "  ",
            (f"{key.keys:<14}", FAINT if key.why_not else "bold"),
            (name, FAINT if key.why_not else ""),
            (f" {first}", MUTED),
        ),
        *(Content.styled(f"{'':{text_at}}{line}", MUTED) for line in more),
    ]
    why_not = wrap(f"Not now: {key.why_not}.", room) if key.why_not else []
    return [*rows, *(Content.styled(f"{'':{text_at}}{line}", "$warning") for line in why_not)]


class HelpScreen(ModalScreen[None]):
    """A searchable list of keys; any letter searches."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "close",
            "Close",
            id="help.close",
            tooltip="Close the help.",
            priority=True,
        ),
        Binding("down", "scroll(3)", "Down", id="help.down", tooltip="Further down.", show=False),
        Binding("up", "scroll(-3)", "Up", id="help.up", tooltip="Further up.", show=False),
        Binding("pagedown", "page(1)", "Page down", id="help.page_down", tooltip="A page down."),
        Binding("pageup", "page(-1)", "Page up", id="help.page_up", tooltip="A page up."),
    ]

    def __init__(self, keys: Sequence[KeyHelp], where: str = "") -> None:
        super().__init__()
        self._keys = keys
        self._where = where
        self._search = LineBox(placeholder="type to search keys", compact=True)
        self._lines = LinePane(id="help-lines")

    @classmethod
    def of(cls, screen: Screen[Any]) -> "HelpScreen":
        """Explain a screen's keys as they are now, in the pane one is in."""
        pane = PANE_NAMES.get(screen.focused.id or "") if screen.focused else None
        return cls(keys_of(screen), pane or "")

    def compose(self) -> ComposeResult:
        with Vertical(id="help") as box:
            where = f" · {self._where}" if self._where else ""
            box.border_title = Content(f"Help · keys that work here{where}")
            box.border_subtitle = "esc closes"
            yield self._search
            yield self._lines

    def on_mount(self) -> None:
        self._lines.can_focus = False
        self._search.focus()

    @on(Input.Changed)
    @on(Resize)
    def search(self) -> None:
        # Not before it has its size.
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        width = self._lines.scrollable_content_region.width
        self._lines.show(help_lines(self._keys, self._search.value, width))

    def action_close(self) -> None:
        self.dismiss()

    def action_scroll(self, rows: int) -> None:
        self._lines.scroll_relative(y=rows, animate=False)

    def action_page(self, step: int) -> None:
        self.action_scroll(step * max(self._lines.size.height - 1, 1))
