"""What stands in a row of the step tree: `guides glyph kind name note count duration bar`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tuiflow.model.ids import NodePath, parent_path
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.tui.format import duration, running_for
from tuiflow.tui.glyphs import KIND_WORDS, RETRY_GLYPH, glyph
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.spot import Spot
from tuiflow.tui.theme import FAINT, MUTED, RETRY, status_style
from tuiflow.tui.widgets.gantt import Axis, Stretch, bar, bar_signs, ruler, stretches
from tuiflow.tui.widgets.paint import Piece, Pieces, fitted, right, width_of
from tuiflow.tui.widgets.tree_notes import LONGEST_NOTE, count_of, is_waiting, note_of
from tuiflow.tui.widgets.tree_rows import TreeRow

COUNT_CELLS = 8
DURATION_CELLS = 8
NARROW, WIDE = 56, 100  # widths from which there is a bar, and a wide one
LONGEST_NAME = 200  # characters are enough for any row


@dataclass(frozen=True, slots=True)
class TreeView:
    """Everything the rows are drawn from."""

    state: RunState
    now: int
    axis: Axis | None
    stopping: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """How a row's cells are shared out."""

    text: int
    bar: int

    @classmethod
    def of(cls, width: int, *, has_bar: bool) -> "Columns":
        """Share out a width; the bar gives way first, the duration never."""
        cells = 0
        if has_bar and width >= NARROW:
            cells = min(max(width * 3 // 10, 12), 64) if width < WIDE else min(width * 2 // 5, 72)
        right_side = COUNT_CELLS + DURATION_CELLS + (cells + 3 if cells else 1)
        return cls(max(width - right_side, 8), cells)


def row_pieces(view: TreeView, row: TreeRow, width: int) -> Pieces:
    """Write one row in exactly `width` cells."""
    columns = Columns.of(width, has_bar=view.axis is not None)
    if row.members:
        return _group_pieces(view, row, columns)
    node = Spot(row.path, row.attempt).node(view.state.nodes)
    status = status_of(view.state.nodes, node)
    count = count_of(view.state, node)
    time = _time(node, status, view.now)
    # Where nothing is counted or timed, the note may use the room.
    free = 0 if count else COUNT_CELLS + (0 if time else DURATION_CELLS)
    pieces = _name_pieces(view, row, node, status, columns.text + free)
    if count:
        pieces.append((right(count, COUNT_CELLS), MUTED))
    if count or time:
        pieces.append((right(time, DURATION_CELLS), _time_style(status)))
    if columns.bar and view.axis is not None:
        pieces.append(("  ", ""))
        parts = stretches(node, view.now, _bar_style(node, status))
        if row.attempt:
            parts = [replace(part, style=RETRY, is_early=True) for part in parts[-1:]]
        signs = bar_signs(is_leaf=not node.children)
        pieces.extend(bar(parts, view.axis, columns.bar, signs))
    return pieces


def header_pieces(view: TreeView, width: int) -> Pieces:
    """Write the line above the rows: what the columns are, and the time axis."""
    columns = Columns.of(width, has_bar=view.axis is not None)
    pieces: list[Piece] = [(" " * columns.text, "")]
    pieces.append((right("done", COUNT_CELLS), FAINT))
    pieces.append((right("time", DURATION_CELLS), FAINT))
    if columns.bar and view.axis is not None:
        pieces.append(("  ", ""))
        pieces.extend(ruler(view.axis, columns.bar))
    return pieces


def status_of(nodes: Mapping[NodePath, NodeState], node: NodeState) -> Status:
    """Say where a node stands; a branch has no end of its own and takes its condition's."""
    above = parent_path(node.path)
    if node.kind is NodeKind.ELSE and above is not None and nodes[above].status.is_final:
        return node.status if node.status is Status.SKIPPED else nodes[above].status
    return node.status


def _name_pieces(
    view: TreeView, row: TreeRow, node: NodeState, status: Status, width: int
) -> list[Piece]:
    if row.attempt:
        return _try_pieces(view, row, node, width)
    is_root = row.place.depth == 0
    sign, sign_style = _sign(view, node, status, is_root=is_root)
    pieces: list[Piece] = [(row.place.guide, FAINT), (f"{sign} ", sign_style)]
    word = "" if is_root else KIND_WORDS[node.kind]
    lead = row.place.lead
    if lead or (word and word != node.name):
        pieces.append((" ".join(part for part in (lead, word) if part) + " ", MUTED))
    name = "" if node.kind is NodeKind.ITERATION else safe_line(node.name, LONGEST_NAME)
    note = [] if row.place.depth else _stopping(view)
    note = note or note_of(view.state, node, status)
    if row.place.mark:
        note = [(row.place.mark, RETRY), *([("  ", ""), *note] if note else [])]
    if row.fold == "closed" and node.children:
        note = [(f"+{len(node.children)}", FAINT), *([("  ", ""), *note] if note else [])]
    return _with_note(pieces, (name, _name_style(status, is_root=is_root)), note, width)


def _try_pieces(view: TreeView, row: TreeRow, node: NodeState, width: int) -> list[Piece]:
    # What has been tried again since is told and does not shout.
    sign = glyph(node.status)
    why = node.failure.summary if node.failure is not None else node.reason
    name = (node.name_try(row.attempt), MUTED)
    pieces: list[Piece] = [(row.place.guide, FAINT), (f"{sign} ", RETRY)]
    return _with_note(pieces, name, [(safe_line(why, LONGEST_NOTE), RETRY)], width)


def _with_note(pieces: list[Piece], name: Piece, note: list[Piece], width: int) -> list[Piece]:
    left = width - width_of(pieces)
    # A note says why, so a long name leaves it up to a third of the room.
    kept = min(width_of(note) + 2, left // 3) if note else 0
    text = fitted(name[0], max(left - kept, 1)).rstrip()
    pieces.append((text, name[1]))
    if note:
        pieces.extend([("  ", ""), *note])
    return _fill(pieces, width)


def _fill(pieces: list[Piece], width: int) -> list[Piece]:
    """Cut and pad to the column's width, so that what follows stands in line."""
    filled: list[Piece] = []
    left = width
    for text, style in pieces:
        cells = width_of([(text, "")])
        if cells > left:
            filled.append((fitted(text, left), style))
            return filled
        filled.append((text, style))
        left -= cells
    filled.append((" " * left, ""))
    return filled


def _group_pieces(view: TreeView, row: TreeRow, columns: Columns) -> Pieces:
    nodes = view.state.nodes
    members = (nodes[row.members[0]], nodes[row.members[-1]])
    status = Status.COMPLETED if members[0].status is Status.REUSED else members[0].status
    pieces: list[Piece] = [
        (row.place.guide, FAINT),
        (f"{glyph(status)} ", status_style(status)),
        (f"[{row.numbers[0]}..{row.numbers[1]}] ", MUTED),
        (_group_name(nodes, *members), MUTED),
    ]
    words = {Status.COMPLETED: "done", Status.PENDING: "pending", Status.SKIPPED: "skipped"}
    started, ended = members[0].started_at, members[1].ended_at
    has_time = status is Status.COMPLETED and started is not None and ended is not None
    count = f"{len(row.members)} {words[status]}"
    took = duration(ended - started) if has_time and started is not None and ended else ""
    free = COUNT_CELLS + (0 if took else DURATION_CELLS)
    filled = _fill([*pieces, (f"  {count}", MUTED)], columns.text + free)
    if took:
        filled.append((right(took, DURATION_CELLS), MUTED))
    if columns.bar and view.axis is not None:
        parts = [Stretch(started or 0, ended or 0, "$success 60%")] if has_time else []
        filled.append(("  ", ""))
        signs = bar_signs(is_leaf=True)
        filled.extend(bar(parts, view.axis, columns.bar, signs))
    return filled


def _group_name(nodes: Mapping[NodePath, NodeState], first: NodeState, last: NodeState) -> str:
    if first.kind is not NodeKind.ITERATION:
        return f"{safe_line(first.name, 24)} … {safe_line(last.name, 24)}"
    names = [nodes[child].name for child in first.children[:3]]
    return safe_line(", ".join(names), 60)


def _sign(view: TreeView, node: NodeState, status: Status, *, is_root: bool) -> Piece:
    if is_root and view.stopping:
        return glyph(Status.CANCELLED), status_style(Status.CANCELLED)
    if is_waiting(node):
        return RETRY_GLYPH, RETRY
    return glyph(status), status_style(status)


def _stopping(view: TreeView) -> list[Piece]:
    return [(safe_line(view.stopping, 60), status_style(Status.CANCELLED))] if view.stopping else []


def _name_style(status: Status, *, is_root: bool) -> str:
    if status is Status.SKIPPED:
        return "$foreground 45%"
    if status is Status.PENDING:
        return MUTED
    if status in {Status.ERROR, Status.CRASHED}:
        return "bold $error"
    return "bold" if is_root else ""


def _time(node: NodeState, status: Status, now: int) -> str:
    if node.started_at is None or status in {Status.SKIPPED, Status.REUSED, Status.PENDING}:
        return ""
    if node.ended_at is not None:
        return duration(node.ended_at - node.started_at)
    return "" if status.is_final else running_for(now - node.started_at)


def _time_style(status: Status) -> str:
    return "" if status is Status.RUNNING else MUTED


def _bar_style(node: NodeState, status: Status) -> str:
    if is_waiting(node):
        return RETRY
    if status is Status.COMPLETED:
        return "$success 60%"
    return status_style(status).removeprefix("bold ")


__all__ = ["Columns", "TreeView", "header_pieces", "row_pieces", "status_of"]
