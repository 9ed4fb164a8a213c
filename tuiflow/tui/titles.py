"""Titles on the borders of panes."""

from textual.content import Content
from textual.widget import Widget


def set_title(pane: Widget, title: Content) -> None:
    """Set a border's title where it differs: Textual draws the whole pane again at each setting."""
    if pane.border_title != title.markup:
        pane.border_title = title
