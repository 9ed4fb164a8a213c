"""What stands in a row of the event table. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tuiflow.model import events as ev
from tuiflow.model.content import StoredContent
from tuiflow.model.events import Event
from tuiflow.model.ids import display_path, path_name, short_id
from tuiflow.model.run_event import RunEvent
from tuiflow.model.status import Status
from tuiflow.tui.format import clock, gap
from tuiflow.tui.format import size as size_of
from tuiflow.tui.glyphs import glyph, retry_glyph
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.theme import FAINT, MUTED, RETRY, status_style
from tuiflow.tui.widgets.paint import Piece, Pieces, fitted

LONGEST_SUMMARY = 300  # cells
_PREVIEW = 200  # characters of a value
_ENDINGS = (
    ("Error", Status.ERROR),
    ("Crashed", Status.CRASHED),
    ("Cancelled", Status.CANCELLED),
    ("Skipped", Status.SKIPPED),
    ("Reused", Status.REUSED),
    ("Completed", Status.COMPLETED),
    ("Started", Status.RUNNING),
    ("Resumed", Status.RUNNING),
)
_OUTCOMES = {
    "error": Status.ERROR,
    "skipped": Status.SKIPPED,
    "cancelled": Status.CANCELLED,
}


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
    *,
    ascii: bool = False,  # noqa: A002 - the setting's own word
) -> Pieces:
    """Write one event; `before` is the one its distance in time is told from."""
    sign, style = sign_of(event, ascii=ascii)
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
    pieces.append((fitted(_step(event, columns.step - 1), columns.step), ""))
    pieces.append((safe_line(event_summary(event), columns.summary), _summary_style(event)))
    return pieces


def sign_of(event: RunEvent, *, ascii: bool = False) -> Piece:  # noqa: A002 - as above
    """Give an event's sign and style, by how its kind ends."""
    kind = event.event
    if kind == "StepRetrying":
        return retry_glyph(ascii=ascii), RETRY
    if kind.endswith("Completed") and isinstance(event, ev.CompositeCompletedEvent):
        status = _OUTCOMES.get(event.outcome, Status.COMPLETED)
        return glyph(status, ascii=ascii), status_style(status)
    for ending, status in _ENDINGS:
        if kind.endswith(ending):
            return glyph(status, ascii=ascii), status_style(status)
    return ("." if ascii else "·"), MUTED


def event_summary(event: Event) -> str:
    """Say in a line what an event's kind does not."""
    parts = [*_composite_parts(event), *_step_parts(event), *_workflow_parts(event)]
    return safe_line("  ".join(part for part in parts if part), LONGEST_SUMMARY)


def content_preview(content: StoredContent) -> str:
    """Say in a line what a value is."""
    if content.preview:
        return f"{content.preview[:_PREVIEW]} ({size_of(content.size)})"
    if content.value is None:
        return ""
    if isinstance(content.value, str):
        return content.value[:_PREVIEW]
    return json.dumps(content.value, ensure_ascii=False)[:_PREVIEW]


def _workflow_parts(event: Event) -> Sequence[str]:
    match event:
        case ev.WorkflowStartedEvent():
            revision = f"rev {event.revision[:4]}" if event.revision else ""
            return [content_preview(event.input), revision]
        case ev.WorkflowCompletedEvent():
            return [content_preview(event.content)]
        case ev.WorkflowCancelledEvent() | ev.WorkflowCrashedEvent():
            return [event.reason]
        case _:
            return []


def _step_parts(event: Event) -> Sequence[str]:
    match event:
        case ev.StepStartedEvent():
            previous = f"after {path_name(event.previous)}" if event.previous else ""
            return [f"try {event.attempt}" if event.attempt > 1 else "", previous]
        case ev.StepCompletedEvent():
            return ["" if event.success else "no success", content_preview(event.content)]
        case ev.StepErrorEvent() | ev.WorkflowErrorEvent():
            return [event.failure.summary]
        case ev.StepRetryingEvent():
            return [event.failure.summary, f"try {event.next_attempt} in {event.delay:.1f} s"]
        case ev.StepCancelledEvent() | ev.StepSkippedEvent():
            return [event.reason]
        case _:
            return _chatter_parts(event)


def _chatter_parts(event: Event) -> Sequence[str]:
    match event:
        case ev.StepProgressEvent():
            total = f" of {event.total:g}" if event.total is not None else ""
            return [f"{event.done:g}{total}", event.message]
        case ev.StepLogEvent() | ev.StepContentEvent():
            return [event.text]
        case ev.WorkflowResumedEvent():
            return [f"{len(event.reused)} steps reused"]
        case ev.StepReusedEvent():
            return [f"from run {short_id(event.source_run_id)}"]
        case ev.CustomEvent():
            data = json.dumps(event.data, ensure_ascii=False)[:_PREVIEW] if event.data else ""
            return [event.name, data]
        case _:
            return []


def _composite_parts(event: Event) -> Sequence[str]:
    match event:
        case ev.CompositeCompletedEvent():
            outcome = event.outcome if event.outcome != "completed" else ""
            return [outcome, event.failure.summary if event.failure else ""]
        case ev.ConditionExecutionStartedEvent():
            return [f"{event.result} → {event.branch or 'skipped'}"]
        case ev.RouterExecutionStartedEvent():
            return ["→ " + (", ".join(map(path_name, event.selected)) or "nothing")]
        case _:
            return _counted_parts(event)


def _counted_parts(event: Event) -> Sequence[str]:
    match event:
        case ev.ParallelExecutionStartedEvent():
            return [f"{event.count} branches"]
        case ev.StepsExecutionStartedEvent():
            return [f"{event.count} steps"]
        case ev.LoopExecutionStartedEvent():
            return [f"at most {event.max_iterations}"]
        case ev.LoopIterationStartedEvent():
            return [f"iteration {event.iteration}"]
        case _:
            return []


def _step(event: Event, width: int) -> str:
    """Name the step without its workflow; where that is too long, by its last name alone."""
    names = display_path(event.node_path).split(" › ", 1)
    whole = safe_line(names[-1], LONGEST_SUMMARY)
    if cell_len(whole) <= width:
        return whole
    return safe_line(path_name(event.node_path), width)


def _summary_style(event: Event) -> str:
    if isinstance(event, ev.StepErrorEvent | ev.WorkflowErrorEvent | ev.WorkflowCrashedEvent):
        return "$error"
    return MUTED


__all__ = [
    "EventColumns",
    "content_preview",
    "event_summary",
    "header_pieces",
    "row_pieces",
    "sign_of",
]
