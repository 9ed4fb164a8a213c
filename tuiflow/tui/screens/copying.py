"""Copies text to the clipboard and into a file: not every terminal takes what it is sent."""

from textual.widget import Widget

from tuiflow.service import Service
from tuiflow.tui.screens.about import short_path

COPY_FILE = "copied.txt"


def copy(near: Widget, service: Service, text: str) -> str:
    """Copy, and say which way it went; raises OSError where there is no file of it."""
    file = service.database.parent / COPY_FILE
    near.app.copy_to_clipboard(text)
    file.write_text(text)
    lines = text.count("\n") + 1
    counted = f"{lines} line{'' if lines == 1 else 's'}"
    name = short_path(file, service.project)
    return f"copied {counted} to the terminal's clipboard, and to {name}"
