"""Keys of the start form that work wherever in it one is."""

from textual.binding import Binding

START_KEYS = [
    Binding(
        "escape",
        "close",
        "Close",
        id="start.close",
        tooltip="Close; nothing starts. Asks when something was typed.",
        priority=True,
    ),
    Binding(
        "enter,ctrl+j",
        "start",
        "Start",
        id="start.start",
        tooltip="Start the run.",
        show=False,
        priority=True,
    ),
    Binding(
        "ctrl+y",
        "copy_command",
        "Copy as CLI",
        id="start.copy",
        tooltip="Copy the tuiflow command that starts the same run.",
        priority=True,
    ),
    Binding(
        "f4",
        "edit",
        "Edit",
        id="start.edit",
        tooltip="Write this field in $EDITOR; below a list, its values.",
        priority=True,
    ),
    Binding(
        "f5",
        "edit_all",
        "Edit all",
        id="start.edit_all",
        tooltip="Write the whole input in $EDITOR, as JSON.",
        priority=True,
    ),
]
