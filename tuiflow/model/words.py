"""The signs and words that stand for status and time wherever a run is shown. All one cell wide."""

from tuiflow.model.status import Status

SECOND = 1_000_000  # microseconds
_MILLISECOND = 1_000
_MINUTE = 60
_GLYPHS: dict[Status, tuple[str, str]] = {
    Status.PENDING: ("◌", "."),
    Status.RUNNING: ("▸", ">"),
    Status.PAUSED: ("‖", '"'),
    Status.COMPLETED: ("✓", "+"),
    Status.ERROR: ("✗", "x"),
    Status.CANCELLED: ("⊗", "c"),
    Status.CRASHED: ("✗", "x"),
    Status.SKIPPED: ("⊘", "-"),
    Status.REUSED: ("=", "="),
}


def glyph(status: Status, *, ascii: bool = False) -> str:  # noqa: A002 - the setting's own word
    """Give the sign of a status."""
    return _GLYPHS[status][ascii]


def duration(us: int) -> str:
    """Write how long: `213 ms`, then `00:42`, `1:02:10`."""
    us = max(us, 0)
    if us < SECOND:
        return f"{us // _MILLISECOND} ms"
    seconds = us // SECOND
    minutes, seconds = divmod(seconds, _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"
