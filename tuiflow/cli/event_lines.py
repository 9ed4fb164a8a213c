"""A run's events as plain lines, one each: time, sign, step, what it says, how long it took."""

from collections.abc import Iterator

from tuiflow.cli.printing import DIM, RED, YELLOW, paint, sign
from tuiflow.model import events as ev
from tuiflow.model.event_status import status_after
from tuiflow.model.ids import NodePath, display_path
from tuiflow.model.status import Status
from tuiflow.tui.event_words import event_words
from tuiflow.tui.format import SECOND, clock, duration
from tuiflow.tui.glyphs import RETRY_GLYPH
from tuiflow.tui.safe_text import safe_line, safe_text

PROGRESS_EVERY = SECOND
"""Of each step: a line more often than that is for a screen, not for a log."""
LONGEST_STEP = 60  # cells
_LOG_COLOURS = {"debug": DIM, "warning": YELLOW, "error": RED, "critical": RED}


class EventLines:
    """Writes the lines of one run; remembers when each node began, to say how long it took."""

    def __init__(self) -> None:
        self._began: dict[NodePath, int] = {}
        self._last_progress: dict[NodePath, int] = {}

    def lines_of(self, event: ev.Event) -> Iterator[str]:
        """Yield an event's lines: none, one, or one for each line of a log text."""
        match event:
            case ev.StepLogEvent():
                yield from self._log_lines(event, _LOG_COLOURS.get(event.level, ""))
            case ev.StepContentEvent():
                yield from self._log_lines(event, "")
            case ev.StepProgressEvent():
                if self._is_due(event):
                    yield self._line(event, " ", _step(event))
            case _:
                yield self._line(event, _sign_of(event), _step(event), self._took(event))

    def _line(self, event: ev.RunEvent, mark: str, step: str, took: str = "") -> str:
        parts = (paint(clock(event.at), DIM), mark, step, event_words(event), paint(took, DIM))
        return "  ".join(part for part in parts if part).rstrip()

    def _log_lines(
        self, event: ev.StepLogEvent | ev.StepContentEvent, colour: str
    ) -> Iterator[str]:
        lead = f"{paint(clock(event.at), DIM)}      {paint(f'{_step(event)} │', DIM)}"
        for line in safe_text(event.text).rstrip("\n").split("\n"):
            yield f"{lead} {paint(line, colour)}"

    def _is_due(self, event: ev.StepProgressEvent) -> bool:
        is_last = event.total is not None and event.done >= event.total
        last = self._last_progress.get(event.node_path)
        is_due = last is None or event.at - last >= PROGRESS_EVERY
        if is_due or is_last:
            self._last_progress[event.node_path] = event.at
        return is_due or is_last

    def _took(self, event: ev.RunEvent) -> str:
        began = self._began.get(event.node_path)
        if status_after(event) is Status.RUNNING:
            self._began[event.node_path] = event.at
            return ""
        return duration(event.at - began) if began is not None else ""


def _step(event: ev.RunEvent) -> str:
    """Give the step's place without the workflow's name, which every line would repeat."""
    path = event.node_path
    _, slash, inside = path.partition("/")
    return safe_line(display_path(NodePath(inside) if slash else path), LONGEST_STEP)


def _sign_of(event: ev.RunEvent) -> str:
    if isinstance(event, ev.StepRetryingEvent):
        return paint(RETRY_GLYPH, YELLOW)
    if isinstance(event, ev.CustomEvent):
        return "•"
    return sign(status_after(event) or Status.RUNNING)
