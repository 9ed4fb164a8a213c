"""Keys that every page has, and which ones the line at the bottom names."""

from typing import TYPE_CHECKING, cast

from textual.binding import Binding
from textual.dom import DOMNode

if TYPE_CHECKING:
    from tuiflow.tui.app import TuiflowApp

PAGE_KEYS = [
    Binding(
        "tab",
        "app.focus_next",
        "Next pane",
        id="page.next_pane",
        tooltip="Go to the next pane.",
        show=False,
    ),
    Binding(
        "shift+tab",
        "app.focus_previous",
        "Previous pane",
        id="page.previous_pane",
        tooltip="Go to the pane before.",
        show=False,
    ),
    Binding(
        "colon",
        "command",
        "Command",
        id="page.command",
        tooltip="Say a command; tab completes it.",
        priority=True,
    ),
    Binding(
        "ctrl+p",
        "palette",
        "Commands",
        id="page.palette",
        tooltip="Choose a command from a list.",
        show=False,
        priority=True,
    ),
    Binding(
        "M,f10",
        "mouse",
        "Mouse",
        id="page.mouse",
        tooltip="Leave the mouse to the terminal, or take it back.",
        show=False,
    ),
    Binding("question_mark,f1", "help", "Help", id="page.help", tooltip="Keys that work here."),
    Binding(
        "escape",
        "step_out",
        "One step out",
        id="page.step_out",
        tooltip="Close, unzoom, or go up a level. Never leaves tuiflow.",
        show=False,
    ),
    Binding("q", "leave", "Leave", id="page.leave", tooltip="Go back; at home, leave. Runs go on."),
    Binding(
        "ctrl+r",
        "reload",
        "Reload",
        id="page.reload",
        tooltip="Look at the workflow files again, now.",
        show=False,
    ),
]


def key_name(near: DOMNode, binding_id: str, usual: str) -> str:
    """Name the key of a binding in a sentence: a person may have moved it."""
    return cast("TuiflowApp", near.app).moved_keys.get(binding_id, usual)


RUNS_LINE = (
    "runs.start",
    "runs.cancel",
    "runs.again",
    "runs.next_failure",
    "runs.all_events",
    "runs.zoom",
    "page.command",
    "page.help",
    "page.leave",
)
EVENTS_LINE = (
    "browser.filter",
    "events.open",
    "browser.next_of_kind",
    "events.follow",
    "browser.copy",
    "page.command",
    "page.help",
    "page.leave",
)
