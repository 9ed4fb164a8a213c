"""Textual without what a test would pay for again and again: pauses, and reading its styles.

Its pilot looks every 20 ms whether the processor is busy, and takes 60 ms for a key: here it goes
on once there is nothing left to do.
"""

from asyncio import get_running_loop, sleep  # noqa: TID251 - only the loop knows what is to go on
from time import monotonic, process_time
from typing import Any

import textual.app
import textual.pilot
from textual._context import active_app
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_LOOK = 0.002  # seconds
_LITTLE = 0.0004  # seconds of processor: a look itself takes less
_LOOKS = 2  # without anything to do


async def wait_for_idle(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Wait until all is drawn, the loop has nothing that could go on, and no thread works."""
    start, quiet = monotonic(), 0
    while quiet < _LOOKS or monotonic() - start < min_sleep:
        if monotonic() - start > max_sleep:
            break
        used = process_time()
        await sleep(_LOOK)
        is_quiet = not _is_ready() and process_time() - used < _LITTLE and not _draws()
        quiet = quiet + 1 if is_quiet else 0


def _is_ready() -> bool:
    return bool(get_running_loop()._ready)  # type: ignore[attr-defined]


def _draws() -> bool:
    """Do at once what the app would do within a sixtieth of a second."""
    app = active_app.get()
    if app._resize_timer is not None:
        app._check_resize()
        return True
    if not app._screen_stack:
        return False
    screen = app.screen
    if not screen._update_timer._active.is_set() and not screen._callbacks:
        return False
    screen._on_timer_update()
    return True


_read_rules = Stylesheet._parse_rules
_rules: dict[tuple[Any, ...], list[RuleSet]] = {}


def read_rules_once(sheet: Stylesheet, css: str, **given: Any) -> list[RuleSet]:
    """Give what another app has read of the same styles with the same colours."""
    key = (css, *sorted(given.items()), *sheet._variables.items())
    if key not in _rules:
        _rules[key] = _read_rules(sheet, css, **given)
    return _rules[key]


def install() -> None:
    """Let every pilot and every app be like this."""
    textual.app.wait_for_idle = textual.pilot.wait_for_idle = wait_for_idle
    Stylesheet._parse_rules = read_rules_once  # type: ignore[method-assign]
