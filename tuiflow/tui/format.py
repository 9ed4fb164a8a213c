"""Times and sizes in the words a person reads; all times come in as microseconds."""

from datetime import datetime
from functools import lru_cache

from tuiflow.model.words import SECOND, duration, size

MILLISECOND = 1_000
_LAST_SECOND = 253_370_764_800  # 9999-01-01; the last year leaves room for every time zone
_MINUTE = 60


def gap(us: int) -> str:
    """Write a distance between two events in at most 8 cells: `+0.502`, `+17:42`, `+4 days`."""
    if abs(us) < 1000 * SECOND:
        return f"{us / SECOND:+.3f}"
    sign, days = "-" if us < 0 else "+", abs(us) // (24 * _MINUTE * _MINUTE * SECOND)
    return f"{sign}{days} day{'s' if days > 1 else ''}" if days else f"{sign}{duration(abs(us))}"


def running_for(us: int) -> str:
    """Write a duration that still grows: whole seconds, so that it ticks and does not flicker."""
    return duration(max(us, 0) // SECOND * SECOND) if us >= SECOND else "00:00"


def clock(us: int) -> str:
    """Write the local time of day: `14:02:07.911`."""
    return f"{_second_of_day(us // SECOND)}.{us // MILLISECOND % 1000:03}"


@lru_cache(maxsize=1024)
def _second_of_day(seconds: int) -> str:
    # Neighbouring lines share their second, and finding the local time is most of the work.
    return local(seconds * SECOND).strftime("%H:%M:%S")


def ago(us: int, now: int) -> str:
    """Write when: the time of day today, `yesterday 13:20`, else the date."""
    then, today = local(us), local(now)
    days = (today.date() - then.date()).days
    if days == 0:
        return then.strftime("%H:%M")
    if days == 1:
        return then.strftime("yesterday %H:%M")
    return then.strftime("%d %b %H:%M") if then.year == today.year else then.strftime("%d %b %Y")


def local(us: int) -> datetime:
    """Turn microseconds since 1970 into local time; what is in no calendar becomes its edge."""
    return datetime.fromtimestamp(min(max(us / SECOND, 0), _LAST_SECOND)).astimezone()


__all__ = [
    "MILLISECOND",
    "SECOND",
    "ago",
    "clock",
    "duration",
    "gap",
    "local",
    "running_for",
    "size",
]
