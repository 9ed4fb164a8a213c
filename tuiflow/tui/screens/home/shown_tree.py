"""Keeps the step tree: what it draws of the run that is watched, and how often."""

from tuiflow.model.ids import NodePath
from tuiflow.tui.run_words import stopping
from tuiflow.tui.screens.home.headline import steps_title
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.titles import set_title
from tuiflow.tui.widgets.step_tree import StepTree

TICK = 100_000
"""Microseconds between two drawings of the tree without news, however often the clock looks: in a
run's first second its time axis grows with each of them, and all rows are drawn again."""


def last_tick(now: int) -> int:
    """Give the moment of the last tick: what stands beside each other counts the same seconds."""
    return now // TICK * TICK


class ShownTree:
    """Stands between what is watched and the tree's widget."""

    def __init__(self, widget: StepTree) -> None:
        self._widget = widget
        self._wanted: NodePath | None = None
        self._said_stopping = ""
        self._ticked_at = 0

    def want(self, path: NodePath | None) -> None:
        """Put the cursor on a node, as soon as it is there."""
        self._wanted = path

    def show(self, watching: Watch, now: int, *, is_changed: bool) -> bool:
        """Draw what differs; say whether that may have changed what the keys do."""
        now = watching.until(now)
        said = stopping(watching.record, now) if watching.record else ""
        is_drawn = is_changed or said != self._said_stopping
        if is_drawn:
            self._said_stopping = said
            self._widget.show(watching.state, now, stopping=said)
            self._ticked_at = now
        elif watching.is_active and now != self._ticked_at:
            self._widget.tick(now)
            self._ticked_at = now
        if self._wanted is not None and self._widget.move_to(self._wanted):
            self._wanted = None
        zoomed, width = self._widget.zoomed, self._widget.size.width
        set_title(self._widget, steps_title(watching, said, now, zoomed, width=width))
        return is_drawn
