"""What one frame costs, of our own widget and of Textual's: a key, and all rows that are seen."""

import statistics
import time
from collections.abc import Callable

from textual.geometry import Region
from textual.widget import Widget

FRAMES = 60
SIZE = (160, 45)


def frame_times(widget: Widget, move: Callable[[], object]) -> list[float]:
    """Milliseconds of each of many moves with the drawing of all of the widget, sorted."""
    took: list[float] = []
    for _ in range(FRAMES):
        begun = time.perf_counter()
        move()
        widget.render_lines(Region(0, 0, *widget.size))
        took.append((time.perf_counter() - begun) * 1000)
    return sorted(took)


def frame(widget: Widget, move: Callable[[], object]) -> float:
    """Milliseconds for a move and the drawing of all of the widget."""
    return statistics.median(frame_times(widget, move))
