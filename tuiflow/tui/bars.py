"""The single lines above and below the panes: header, notices, and the keys that work here."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from textual.binding import Binding
from textual.content import Content
from textual.events import Click
from textual.widget import Widget

from tuiflow.tui.theme import FAINT, MUTED

MOST_NOTICE_LINES = 3
_KEYS_GAP = 2  # cells
_WRAPPING = 40  # cells that may stay empty at the ends of its lines
_NOTHING = Content()
Parts = Content | Sequence[Content]


class BarLine(Widget):
    """One line with a left and a right end; the right end is kept when there is little room.

    Each end may have several parts, the one to keep longest first: where there is no room for
    all, whole parts are left out, those of the left end first.
    """

    ALLOW_SELECT = False

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._left: Sequence[Content] = (Content(),)
        self._right: Sequence[Content] = (Content(),)

    def show(self, left: Parts, right: Parts = _NOTHING) -> None:
        """Show these two ends; nothing is drawn when they are the same as before."""
        left = (left,) if isinstance(left, Content) else left
        right = (right,) if isinstance(right, Content) else right
        if _are_same(left, self._left) and _are_same(right, self._right):
            return
        self._left, self._right = left, right
        self.refresh()

    def render(self) -> Content:
        width = self.content_size.width
        left, right = list(self._left), list(self._right)
        while _cells(*left, *right) >= width and len(left) + len(right) > 2:
            (left if len(left) >= len(right) else right).pop()
        room = width - _cells(*right)
        shown = Content.assemble(*left).truncate(max(room - 1, 0), ellipsis=True)
        return Content.assemble(shown, " " * max(room - shown.cell_length, 0), *right)


class NoticeLine(Widget):
    """What happened last: one line, and as much more as it takes to read all of an error."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="notice")
        self._notice = Content()

    def show(self, notice: Content) -> None:
        """Show it; nothing is drawn when it is the same as before."""
        if not notice.is_same(self._notice):
            self._notice = notice
            self.refresh(layout=True)

    def render(self) -> Content:
        room = self.content_size.width * MOST_NOTICE_LINES - _WRAPPING
        return self._notice.truncate(max(room, self.content_size.width), ellipsis=True)


@runtime_checkable
class SaysWhyNot(Protocol):
    """A screen that knows why a key does nothing just now."""

    def why_not(self, action: str) -> str:
        """Say it in one sentence, or nothing when the key works."""
        ...


class KeysLine(Widget):
    """The footer: the keys that do something here, greyed where they cannot just now."""

    ALLOW_SELECT = False

    def __init__(self, binding_ids: Sequence[str], *, id: str = "keys") -> None:  # noqa: A002
        super().__init__(id=id)
        self._binding_ids = binding_ids
        self._places: list[tuple[range, str]] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._on_bindings_updated)

    def _on_bindings_updated(self, _: object) -> None:
        self.refresh()

    def render(self) -> Content:
        line = Content(" ")
        self._places.clear()
        for binding in self._fitting():
            label = self._label(binding)
            start, end = line.cell_length, line.cell_length + label.cell_length
            self._places.append((range(start, end), binding.key))
            line = Content.assemble(line, label, " " * _KEYS_GAP)
        return line

    def on_click(self, event: Click) -> None:
        for place, key in self._places:
            if event.x in place:
                self.app.simulate_key(key)

    def _bindings_here(self) -> list[Binding]:
        by_id: dict[str | None, Binding] = {}
        for active in self.screen.active_bindings.values():
            by_id.setdefault(active.binding.id, active.binding)
        return [by_id[name] for name in self._binding_ids if name in by_id]

    def _fitting(self) -> list[Binding]:
        """Leave out what has no room: first what does nothing now, last what every page has."""
        kept = self._bindings_here()
        widths = {binding: self._label(binding).cell_length + _KEYS_GAP for binding in kept}
        while kept and sum(widths[one] for one in kept) >= self.content_size.width + _KEYS_GAP:
            kept.remove(min(reversed(kept), key=self._worth))
        return kept

    def _worth(self, binding: Binding) -> tuple[bool, bool]:
        return (binding.id or "").startswith("page."), self._works(binding)

    def _works(self, binding: Binding) -> bool:
        screen = self.screen
        return not (isinstance(screen, SaysWhyNot) and screen.why_not(binding.action))

    def _label(self, binding: Binding) -> Content:
        key, words = self.app.get_key_display(binding), binding.description
        words = words[:1].upper() + words[1:]
        if not self._works(binding):
            # A terminal's own colours cannot be mixed to a fainter one.
            grey = "dim" if self.app.native_ansi_color else FAINT
            return Content.styled(f"{key} {words}", grey)
        return Content.assemble((key, "bold $primary"), " ", (words, MUTED))


def _are_same(these: Sequence[Content], those: Sequence[Content]) -> bool:
    return len(these) == len(those) and all(map(Content.is_same, these, those))


def _cells(*parts: Content) -> int:
    return sum(part.cell_length for part in parts)
