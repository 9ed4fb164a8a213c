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
_RETRY = ("↻", "r")
_BROKEN = ("!", "!")


def retry_glyph(*, ascii: bool = False) -> str:  # noqa: A002 - the setting's own word
    """Give the sign of a step that waits for its next attempt."""
    return _RETRY[ascii]


def broken_glyph(*, ascii: bool = False) -> str:  # noqa: A002 - as above
    """Give the sign of a file that cannot be imported now."""
    return _BROKEN[ascii]


__all__ = ["KIND_WORDS", "broken_glyph", "glyph", "retry_glyph"]
