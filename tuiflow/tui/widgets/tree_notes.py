"""Why a node stands where it stands, and how far it is: the words beside its name. Pure."""

import re

from tuiflow.model.node_state import NodeState, Progress
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import FAILED, Status
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.theme import FAINT, MUTED, RETRY, status_style
from tuiflow.tui.widgets.paint import Piece

LONGEST_NOTE = 160  # cells
METER_CELLS = 8
_MAX = re.compile(r"\bmax (\d+)")
_EIGHTHS = " ▏▎▍▌▋▊▉"


def is_waiting(node: NodeState) -> bool:
    """Say whether a step has failed and waits for its next attempt."""
    return (
        node.status is Status.RUNNING
        and bool(node.attempts)
        and node.attempts[-1].ended_at is not None
    )


def note_of(state: RunState, node: NodeState, status: Status) -> list[Piece]:
    """Say what matters most about a node just now."""
    notes: list[list[Piece]] = []
    if node.decision:
        notes.append([(safe_line(node.decision, LONGEST_NOTE), MUTED)])
    if status in FAILED:
        notes.append(_failure(state, node))
    elif status is Status.RUNNING:
        notes.append(_failed_children(state, node))
        notes.extend(_running(node))
    elif node.reason:
        style = status_style(status) if status is Status.CANCELLED else FAINT
        notes.append([(safe_line(node.reason, LONGEST_NOTE), style)])
    elif len(node.attempts) > 1:
        notes.append([(node.name_try(node.attempts[-1].number), MUTED)])
    if status is Status.PENDING and node.kind is not NodeKind.STEP and node.label:
        notes.append([(safe_line(node.label, LONGEST_NOTE), FAINT)])
    joined: list[Piece] = []
    for note in filter(None, notes):
        joined.extend([("  ", ""), *note] if joined else note)
    return joined


def _failure(state: RunState, node: NodeState) -> list[Piece]:
    if node.status is Status.CRASHED and node.path == state.root and node.reason:
        return [(safe_line(node.reason, LONGEST_NOTE), "$error")]
    # Where it happened says why; those above only say how many.
    if any(child in state.failed for child in node.children):
        return _failed_children(state, node) if len(node.children) > 1 else []
    tries = (
        [(f"  {node.name_try(node.attempts[-1].number)}", MUTED)] if len(node.attempts) > 1 else []
    )
    # What a step waited for when its process ended is no reason for that.
    reason = node.reason if node.status is not Status.CRASHED else ""
    words = node.failure.summary if node.failure is not None else reason or str(node.status)
    return [(safe_line(words, LONGEST_NOTE), "$error"), *tries]


def _failed_children(state: RunState, node: NodeState) -> list[Piece]:
    count = sum(child in state.failed for child in node.children) if state.failed else 0
    return [(f"{count} failed", "$error")] if count else []


def _running(node: NodeState) -> list[list[Piece]]:
    if is_waiting(node):
        words = node.reason
        if node.failure is not None:
            words = f"{words} after {node.failure.summary}" if words else node.failure.summary
        return [[(safe_line(words, LONGEST_NOTE), RETRY)]]
    notes: list[list[Piece]] = []
    if len(node.attempts) > 1:
        notes.append([(node.name_try(node.attempts[-1].number), RETRY)])
    if node.progress is not None:
        notes.append(_progress(node.progress))
    return notes


def _progress(progress: Progress) -> list[Piece]:
    message = safe_line(progress.message, LONGEST_NOTE)
    said: list[Piece] = [(f"  {message}", MUTED)] if message else []
    if not progress.total:
        return [(f"{progress.done:,.0f}".replace(",", " "), "$primary"), *said]
    share = min(max(progress.done / progress.total, 0.0), 1.0)
    filled = meter(share, METER_CELLS)
    return [
        ("▕", FAINT),
        (filled, "$primary"),
        ("▏", FAINT),
        (f" {share:.0%}", ""),
        *said,
    ]


def meter(share: float, width: int) -> str:
    """Draw a share as a small bar, an eighth of a cell precise."""
    whole, rest = divmod(round(share * width * 8), 8)
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(width)


def count_of(state: RunState, node: NodeState) -> str:
    """Count a composite's children: `2/3`; a loop's iterations against its limit."""
    if not node.children or node.status in {Status.PENDING, Status.SKIPPED}:
        return ""
    done, count = state.counts(node.path)
    if node.kind is NodeKind.LOOP:
        limit = _MAX.search(node.label)
        if node.status.is_final:
            return str(done)
        return f"{done}/{limit[1]}" if limit else str(done)
    if node.kind in {NodeKind.CONDITION, NodeKind.ROUTER, NodeKind.ELSE}:
        return ""
    return f"{done}/{count}"
