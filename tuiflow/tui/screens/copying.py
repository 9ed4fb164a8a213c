"""Copies text to the clipboard and into a file: not every terminal takes what it is sent."""

from textual.widget import Widget

from tuiflow.service import Service
from tuiflow.tui.screens.panes.about import short_path

COPY_FILE = "copied.txt"
LONGEST_CLIP = 500_000  # characters; terminals drop longer ones without a word


def copy(near: Widget, service: Service, text: str) -> str:
    """Copy, and say which way it went; raises OSError where there is no file of it."""
    file = service.database.parent / COPY_FILE
    is_short = len(text) <= LONGEST_CLIP
    if is_short:
        near.app.copy_to_clipboard(text)
    file.write_text(text, errors="replace")
    lines = text.count("\n") + 1
    counted = f"{lines} line{'' if lines == 1 else 's'}"
    name = short_path(file, service.project)
    where = "to the terminal's clipboard, and to" if is_short else "(too long for a clipboard) to"
    return f"copied {counted} {where} {name}"
