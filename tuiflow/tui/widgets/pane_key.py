"""A key of a pane: the help names it, the line at the bottom has no room for it."""

from textual.binding import Binding


def pane_key(name: str, key: str, action: str, words: str, tooltip: str) -> Binding:
    """Make one; `name` is its id, such as `steps.fold`."""
    return Binding(key, action, words, show=False, id=name, tooltip=tooltip)
