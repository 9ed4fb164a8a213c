"""What stands in a row of the event table. Pure."""

from dataclasses import dataclass

from rich.cells import cell_len

from tuiflow.model import events as ev
from tuiflow.model.event_status import status_after
from tuiflow.model.events import Event
from tuiflow.model.ids import display_path, path_name, short_id
from tuiflow.model.run_event import RunEvent
from tuiflow.tui.event_words import event_words
from tuiflow.tui.format import clock, gap
from tuiflow.tui.glyphs import RETRY_GLYPH, glyph
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.theme import FAINT, MUTED, RETRY, status_style
from tuiflow.tui.widgets.paint import Piece, Pieces, fitted

LONGEST_STEP = 300  # cells


@dataclass(frozen=True, slots=True)
class EventColumns:
    """How a row's cells are shared out; 0 leaves a column out."""

    number: int
    gap: int
    run: int
    kind: int
    step: int
    summary: int

    @classmethod
    def of(cls, width: int, *, number: int, with_run: bool) -> "EventColumns":
        """Share out a width; the summary takes what is left."""
        number = max(number, 3) + 2
        gap_cells = 9 if width >= 96 else 0
        run = 6 if with_run else 0
        kind = 30 if width >= 110 else 20
        step = min(max(width // 5, 10), 36)
        rest = width - number - 14 - gap_cells - run - kind - step
        return cls(number, gap_cells, run, kind, step, max(rest, 0))


def header_pieces(columns: EventColumns, *, with_run: bool) -> Pieces:
    """Name the columns."""
    text = fitted("id" if with_run else "seq", columns.number) + fitted("time", 14)
    text += fitted("+Δ", columns.gap) + fitted("run", columns.run)
    text += fitted("  kind", columns.kind) + fitted("step", columns.step)
    return [(text + fitted("summary", columns.summary), FAINT)]


def row_pieces(
    event: Event,
    before: Event | None,
    columns: EventColumns,
) -> Pieces:
    """Write one event; `before` is the one its distance in time is told from."""
    sign, style = sign_of(event)
    number = str(event.id if columns.run else event.seq)
    pieces: list[Piece] = [
        (fitted(number, columns.number), MUTED),
        (fitted(clock(event.at), 14), MUTED),
    ]
    if columns.gap:
        distance = gap(event.at - before.at) if before is not None else ""
        pieces.append((fitted(distance, columns.gap), FAINT))
    if columns.run:
        pieces.append((fitted(safe_line(short_id(event.run_id), 5), columns.run), MUTED))
    pieces.append((f"{sign} ", style))
    pieces.append((fitted(event.event, columns.kind - 3) + " ", style.removeprefix("bold ")))
    pieces.append((fitted(step_words(event, columns.step - 1), columns.step), ""))
    pieces.append((event_words(event, columns.summary), _summary_style(event)))
    return pieces


def sign_of(event: RunEvent) -> Piece:
    """Give an event's sign and style, by how it leaves its node."""
    if isinstance(event, ev.StepRetryingEvent):
        return RETRY_GLYPH, RETRY
    status = status_after(event)
    if status is None:
        return "·", MUTED
    return glyph(status), status_style(status)


def step_words(event: Event, width: int) -> str:
    """Name the step without its workflow; where that is too long, by its last name alone."""
    names = display_path(event.node_path).split(" › ", 1)
    whole = safe_line(names[-1], LONGEST_STEP)
    if cell_len(whole) <= width:
        return whole
    return safe_line(path_name(event.node_path), width)


def _summary_style(event: Event) -> str:
    if isinstance(event, ev.StepErrorEvent | ev.WorkflowErrorEvent | ev.WorkflowCrashedEvent):
        return "$error"
    return MUTED
