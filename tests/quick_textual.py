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
from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot

_LOOK = 0.002  # seconds
_LITTLE = 0.0004  # seconds of processor: a look itself takes less
_LOOKS = 2  # without anything to do
_FOR_EVER = ("clock", "catalog")  # the workers that have no end


async def wait_for_idle(min_sleep: float = 0.0, max_sleep: float = 1.0) -> bool:
    """Wait until every message was heard, all is drawn and no thread works; say whether it is."""
    app, start, quiet = active_app.get(), monotonic(), 0
    while quiet < _LOOKS or monotonic() - start < min_sleep:
        if monotonic() - start > max_sleep:
            return False
        used = process_time()
        await sleep(_LOOK)
        is_quiet = process_time() - used < _LITTLE and not _goes_on(app) and not _draws(app)
        quiet = quiet + 1 if is_quiet else 0
    return True


def _goes_on(app: App[Any]) -> bool:
    """Say whether a task could go on, or a widget is at a message: it may wait for a thread."""
    if get_running_loop()._ready:  # type: ignore[attr-defined]
        return True
    if any(not worker.is_finished and worker.name not in _FOR_EVER for worker in app.workers):
        return True  # it may sleep until its time has come
    nodes = (app, *app._registry)
    return any(node._running and not node._message_queue.ready_event._waiters for node in nodes)


def _draws(app: App[Any]) -> bool:
    """Do at once what the app would do within a sixtieth of a second."""
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


_wait_for_messages = Pilot._wait_for_screen


async def wait_for_screen(pilot: Pilot[Any], timeout: float = 30.0) -> bool:  # noqa: ASYNC109 - Textual's own
    """Wait in the same way: Textual sends a message to each widget, and waits for them all."""
    return await wait_for_idle() or await _wait_for_messages(pilot, timeout)


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
    Pilot._wait_for_screen = wait_for_screen  # type: ignore[method-assign]
    Stylesheet._parse_rules = read_rules_once  # type: ignore[method-assign]
