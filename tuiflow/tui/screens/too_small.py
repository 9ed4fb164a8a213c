"""Stands over everything while the terminal is too small to be of use."""

from textual.content import Content
from textual.widget import Widget

LEAST = (60, 16)  # columns, rows


class TooSmall(Widget):
    """One sentence, as wide as it may be."""

    def render(self) -> Content:
        width, height = self.app.size
        return Content(f"tuiflow needs {LEAST[0]}x{LEAST[1]}, this is {width}x{height}")
