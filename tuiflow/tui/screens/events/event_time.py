"""Reads a moment as a person writes it: `10m` ago, `14:02` today, or a date."""

import re
from datetime import datetime

from tuiflow.tui.format import SECOND, local

_AGO = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


def read_time(text: str, now: int) -> int | None:
    """Give the moment in microseconds; None for what is no time."""
    if ago := _AGO.fullmatch(text.lower()):
        return now - round(min(float(ago[1]) * _SECONDS[ago[2]] * SECOND, now))
    written = f"{local(now):%Y-%m-%d}T{text:0>5}" if _CLOCK.fullmatch(text) else text
    try:
        return round(datetime.fromisoformat(written).astimezone().timestamp() * SECOND)
    except (ValueError, OverflowError):
        return None
