"""Which panes stand where: three sizes, the level of the narrow one, and the zoomed pane."""

from typing import Literal

from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

Level = Literal["runs", "steps"]
MEDIUM, WIDE, HIGH = 110, 150, 36  # columns, columns, rows


class Layout:
    """Moves classes about on a screen; the style sheet does the rest."""

    def __init__(self, screen: Screen[None], top: Widget, bottom: Widget) -> None:
        self._screen = screen
        self._areas = (top, bottom)
        self._zoomed: Widget | None = None
        self._width = 0
        self.level: Level = "runs"

    @property
    def is_narrow(self) -> bool:
        """The list of runs is a level of its own."""
        return self._width < MEDIUM

    @property
    def shows_only_runs(self) -> bool:
        """The list of runs stands where the steps would."""
        return self.is_narrow and self.level == "runs"

    @staticmethod
    def is_beside(size: Size) -> bool:
        """Input, previous and output fit side by side."""
        return size.width >= WIDE and size.height >= HIGH

    def resized(self, size: Size) -> None:
        """Take the new size in."""
        self._width = size.width
        self._screen.set_class(self.is_beside(size), "-beside")

    def go(self, level: Level) -> None:
        """Show the list of runs, or one run's steps, where there is room for only one."""
        self.level = level
        self._screen.set_class(level == "steps", "-level-steps")

    @property
    def zoomed(self) -> Widget | None:
        return self._zoomed

    def zoom(self, pane: Widget | None) -> None:
        """Let one pane fill the screen, or none."""
        for area in self._areas:
            area.remove_class("-away")
        if self._zoomed is not None:
            self._zoomed.remove_class("-zoomed")
        # What stands in one of the panes fills the screen with it.
        while pane is not None and pane.parent not in self._areas:
            pane = pane.parent if isinstance(pane.parent, Widget) else None
        self._zoomed = pane
        self._screen.set_class(pane is not None, "-zooming")
        if pane is not None:
            pane.add_class("-zoomed")
            for area in self._areas:
                area.set_class(pane not in area.children, "-away")
