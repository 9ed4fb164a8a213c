"""What the signs of a tree mean, in one line for the room below its rows. Pure."""

from tuiflow.model.status import Status
from tuiflow.tui.glyphs import RETRY_GLYPH, glyph
from tuiflow.tui.theme import FAINT, MUTED, RETRY, status_style
from tuiflow.tui.widgets.gantt import EARLIER_TRY, PAUSE
from tuiflow.tui.widgets.paint import Piece, Pieces, width_of

_GAP = "   "
_WORDS = {
    Status.PENDING: "pending",
    Status.RUNNING: "running",
    Status.COMPLETED: "done",
    Status.ERROR: "failed",
    Status.CANCELLED: "cancelled",
    Status.SKIPPED: "skipped",
    Status.REUSED: "reused",
}


def legend_pieces(width: int, *, has_pause: bool) -> Pieces:
    """Write the legend; nothing where it has no room."""
    signs = [(glyph(status), status_style(status), word) for status, word in _WORDS.items()]
    signs += [(RETRY_GLYPH, RETRY, "tries again"), (EARLIER_TRY, RETRY, "earlier try")]
    signs += [(PAUSE, MUTED, "pause")] if has_pause else []
    pieces: list[Piece] = []
    for sign, style, word in signs:
        pieces += [(_GAP, "")] if pieces else []
        pieces += [(sign, style), (f" {word}", FAINT)]
    return pieces if width_of(pieces) <= width else []
