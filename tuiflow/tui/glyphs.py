"""The signs and short words the screen uses; every sign is one cell wide in any locale."""

from tuiflow.model.outline import NodeKind
from tuiflow.model.words import glyph

KIND_WORDS: dict[NodeKind, str] = {
    NodeKind.WORKFLOW: "sub",
    NodeKind.STEP: "",
    NodeKind.STEPS: "steps",
    NodeKind.PARALLEL: "par",
    NodeKind.CONDITION: "if",
    NodeKind.ELSE: "else",
    NodeKind.LOOP: "loop",
    NodeKind.ROUTER: "match",
    NodeKind.ITERATION: "",
}
RETRY_GLYPH = "↻"
"""A step that waits for its next attempt."""
BROKEN_GLYPH = "!"
"""A file that cannot be imported now."""

__all__ = ["BROKEN_GLYPH", "KIND_WORDS", "RETRY_GLYPH", "glyph"]
