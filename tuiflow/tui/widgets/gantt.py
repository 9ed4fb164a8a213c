"""Bars on a run's time axis, half a cell precise. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tuiflow.model.node_state import NodeState
from tuiflow.model.run_state import RunState
from tuiflow.tui.format import MILLISECOND, SECOND, duration
from tuiflow.tui.theme import FAINT, MUTED
from tuiflow.tui.widgets.paint import Piece

# While a run goes on its axis ends at one of these, so that bars jump now and then instead of
# all shrinking with every frame.
_NICE_SECONDS = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1200, 1800)
_HALF_HOUR = 1800
_TICK_CELLS = 12  # a tick's label needs about so much room
_MOST_TICKS = 4
_HOUR = 3600 * SECOND
_NICE_STEPS = (
    *(count * MILLISECOND for count in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    *(count * SECOND for count in (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600)),
)


@dataclass(frozen=True, slots=True)
class Axis:
    """The stretch of time that bars stand on, in microseconds; pauses take no room on it."""

    start: int
    span: int
    pauses: tuple[tuple[int, int], ...] = ()

    @property
    def worked(self) -> int:
        """How long it is without its pauses."""
        return max(self.span - self._paused(self.start + self.span), 1)

    def half(self, at: int, width: int) -> float:
        """Place a moment on an axis of `width` cells, counted in half cells."""
        return (at - self.start - self._paused(at)) / self.worked * width * 2

    def _paused(self, until: int) -> int:
        return sum(max(min(end, until) - start, 0) for start, end in self.pauses)


def axis_of(state: RunState, now: int) -> Axis | None:
    """Choose a run's axis: its own length once it is over, else the next round one."""
    start, pauses = state.run.started_at, state.run.pauses
    if start is None:
        return None
    if state.run.ended_at is not None:
        return Axis(start, max(state.run.ended_at - start, 1), pauses)
    paused = sum(end - start for start, end in pauses)
    seconds = max(now - start - paused, 0) / SECOND
    nice = next((limit for limit in _NICE_SECONDS if seconds <= limit), None)
    if nice is None:
        nice = (int(seconds) // _HALF_HOUR + 1) * _HALF_HOUR
    return Axis(start, paused + nice * SECOND, pauses)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a bar."""

    start: int
    end: int
    style: str
    is_early: bool = False
    """An earlier try: drawn thin."""


def stretches(node: NodeState, now: int, style: str) -> list[Stretch]:
    """Cut a node's time into its tries; only the last one is drawn full."""
    if node.started_at is None:
        return []
    end = node.ended_at if node.ended_at is not None else now
    early = [
        Stretch(attempt.started_at, attempt.ended_at or end, "$warning", is_early=True)
        for attempt in node.attempts[:-1]
    ]
    last = node.attempts[-1].started_at if node.attempts else node.started_at
    return [*early, Stretch(last, max(end, last), style)]


@dataclass(frozen=True, slots=True)
class Signs:
    """The characters of a bar: a whole cell, its two halves, and an earlier try."""

    whole: str
    left: str
    right: str
    early: str


EARLIER_TRY = "╌"
PAUSE = "┊"
_LEAF = Signs("━", "╸", "╺", EARLIER_TRY)
_COMPOSITE = Signs("─", "╴", "╶", EARLIER_TRY)


def bar_signs(*, is_leaf: bool) -> Signs:
    """Choose the signs: composites are drawn thinner than what they hold."""
    return _LEAF if is_leaf else _COMPOSITE


def bar(parts: Sequence[Stretch], axis: Axis, width: int, signs: Signs) -> list[Piece]:
    """Draw a bar of exactly `width` cells."""
    cells, styles = [" "] * width, [""] * width
    for part in parts:
        first = min(max(int(axis.half(part.start, width)), 0), width * 2 - 1)
        last = min(max(math.ceil(axis.half(part.end, width)), first + 1), width * 2)
        left, right = first // 2, (last + 1) // 2
        count = right - left
        cells[left:right] = (signs.early if part.is_early else signs.whole) * count
        styles[left:right] = [part.style] * count
        if not part.is_early:
            _halve(cells, first, last, signs)
    pieces: list[Piece] = []
    at = 0
    for style, run in groupby(styles):
        end = at + len(list(run))
        pieces.append(("".join(cells[at:end]), style))
        at = end
    return pieces


def _halve(cells: list[str], first: int, last: int, signs: Signs) -> None:
    """Draw only half of the first and the last cell where the bar begins or ends in them."""
    if last % 2:
        cells[last // 2] = signs.left
    if first % 2:
        cells[first // 2] = signs.right


def ruler(axis: Axis, width: int) -> list[Piece]:
    """Write the axis' ticks, at round times, and its end: `0    00:30    01:00  01:12`.

    What was left out is a gap in it: `0    00:30  ┊ 25:00:00    25:00:42`.
    """
    end = duration(axis.span)
    text, room = "0", width - len(end) - 1
    gaps = sorted({int(axis.half(start, width)) // 2 for start, _ in axis.pauses})
    gaps = [gap for gap in gaps if 0 < gap < room]
    for place, label in _ticks(axis, width):
        limit = next((gap for gap in gaps if gap >= place), room)
        text = _with_gaps(text, [gap for gap in gaps if gap < place])
        if label != end and len(text) < place and place + len(label) <= limit:
            text = text.ljust(place) + label
    text = _with_gaps(text, gaps)[:room].ljust(room + 1) + end
    return [(text, FAINT if width < _TICK_CELLS else MUTED)]


def _ticks(axis: Axis, width: int) -> Iterator[tuple[int, str]]:
    step = _tick_step(axis.worked, max(1, min(_MOST_TICKS, width // _TICK_CELLS)))
    begin = 0
    for start, end in (*axis.pauses, (axis.start + axis.span, 0)):
        for at in range((begin // step + 1) * step, start - axis.start, step):
            yield int(axis.half(axis.start + at, width)) // 2, duration(at)
        begin = end - axis.start


def _with_gaps(text: str, gaps: Sequence[int]) -> str:
    for gap in gaps:
        text = text.ljust(gap) + PAUSE if len(text) <= gap else text
    return text


def _tick_step(span: int, most: int) -> int:
    # Above a second a label has no room for parts of one.
    least = max(span // most, SECOND if span > SECOND else 0)
    step = next((step for step in _NICE_STEPS if least <= step), None)
    return step or (least // _HOUR + 1) * _HOUR
