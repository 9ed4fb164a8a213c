"""Titles on the borders of panes."""

from textual.content import Content
from textual.widget import Widget

from tuiflow.tui.theme import MUTED

PANE_TITLES = {
    "runs": Content("1 Workflows and runs"),
    "steps": Content("2 Steps"),
    "input": Content.assemble("3 Input  ", ("(i)", MUTED)),
    "previous": Content.assemble("4 Previous  ", ("(p)", MUTED)),
    "detail": Content("5 About"),
}
"""What stands on each pane of the home page before there is anything to show in it, by its id."""
PANE_NAMES = {
    "runs": "Workflows and runs",
    "steps": "Steps",
    "input": "Input",
    "previous": "Previous",
    "text": "Text",
    "logs": "Logs",
    "node-events": "Events",
    "events": "Events",
    "event": "Event",
}
"""What a pane is called where one is helped in it, by its id."""


def set_title(pane: Widget, title: Content) -> None:
    """Set a border's title where it differs: Textual draws the whole pane again at each setting."""
    if pane.border_title != title.markup:
        pane.border_title = title


def set_subtitle(pane: Widget, words: Content | str) -> None:
    """Set what stands at the end of a border, as above."""
    subtitle = Content(words) if isinstance(words, str) else words
    if (pane.border_subtitle or "") != subtitle.markup:
        pane.border_subtitle = subtitle
