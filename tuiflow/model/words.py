"""The signs and words that stand for status, time and media wherever a run is shown."""

from typing import TYPE_CHECKING

from tuiflow.model.status import Status

if TYPE_CHECKING:
    # It is a pydantic model, and a screen's first frame is drawn without pydantic.
    from tuiflow.model.stored_medium import StoredMedium

SECOND = 1_000_000  # microseconds
_MILLISECOND = 1_000
_MINUTE = 60
_UNITS = ("B", "KB", "MB", "GB", "TB")
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
    """Give the sign of a status, one cell wide."""
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


def size(count: int) -> str:
    """Write a number of bytes: `1.2 KB`, `214 MB`."""
    value = float(count)
    for unit in _UNITS:
        if value < 1000 or unit == _UNITS[-1]:
            return f"{value:.0f} {unit}" if value >= 10 or unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError(count)


def medium_words(medium: "StoredMedium") -> str:
    """Write a medium in a line: `image · image/png · 24 KB · cat.png`; its name is still raw."""
    told = "a reference" if medium.size is None else size(medium.size)
    if medium.size is not None and medium.digest is None:
        told += ", a reference"
    parts = (medium.kind, medium.mime_type, told, medium.title)
    return " · ".join(part for part in parts if part)
