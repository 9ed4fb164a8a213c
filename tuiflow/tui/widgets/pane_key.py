"""A key of a pane: the help names it, the line at the bottom has no room for it."""

from collections.abc import Sequence

from textual.binding import Binding
from textual.widget import Widget

Told = Sequence[tuple[str, str]]
"""Ids of keys, with a space between those that belong together, and what they do in a word."""


def pane_key(name: str, key: str, action: str, words: str, tooltip: str) -> Binding:
    """Make one; `name` is its id, such as `steps.fold`."""
    return Binding(key, action, words, show=False, id=name, tooltip=tooltip)


def told_keys(pane: Widget, told: Told) -> str:
    """Name the keys of the pane that has the focus: `h l fold · + - levels`."""
    bindings: dict[str | None, Binding] = {}
    for active in pane.screen.active_bindings.values():
        bindings.setdefault(active.binding.id, active.binding)

    def shown(names: str) -> str:
        known = (bindings[name] for name in names.split() if name in bindings)
        return " ".join(map(pane.app.get_key_display, known))

    return " · ".join(f"{shown(names)} {word}" for names, word in told)
