"""Keys that are typed sooner than they can be taken: they wait, and come in their order."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING

import anyio
from textual.events import Key, Paste

if TYPE_CHECKING:
    from textual.widget import Widget

    from tuiflow.tui.app import TuiflowApp

_LONGEST = 1.0  # seconds that what has the focus may take for the keys before


class TypedAhead:
    """What was typed while nobody could take it."""

    def __init__(self, app: "TuiflowApp") -> None:
        self._app = app
        self._events: list[Key | Paste] = []
        self._holding = 0

    def keeps(self, event: Key | Paste) -> bool:
        """Say whether it is kept for later; leaving is never kept."""
        key = event.key if isinstance(event, Key) else ""
        if key == "ctrl+c" or (key == "q" and not self._app.is_live):
            return False
        if not self._is_waiting:
            slower = self._overtaken_by(key)
            if slower is None:
                return False
            self.hold(self._take_in(slower))
        self._events.append(event)
        return True

    def hold(self, doing: Awaitable[object]) -> None:
        """Do something, and keep what is typed meanwhile."""
        self._holding += 1
        self._app.run_worker(self._release_after(doing), exit_on_error=False)

    def release(self) -> None:
        """Give back what was kept, to whoever stands there now."""
        events, self._events = self._events, []
        for event in events:
            is_key = isinstance(event, Key)
            self._app.post_message(Key(event.key, event.character) if is_key else Paste(event.text))

    @property
    def _is_waiting(self) -> bool:
        return self._holding > 0 or not self._app.is_live

    def _overtaken_by(self, key: str) -> "Widget | None":
        # A page's own keys are heard at once, those for what has the focus in its turn: `7` and
        # `enter` in one breath would start a run without the 7.
        focused = self._app.focused
        if not key or focused is None or not focused.message_queue_size:
            return None
        bound = self._app.screen.active_bindings.get(key)
        return focused if bound is not None and bound.binding.priority else None

    async def _take_in(self, widget: "Widget") -> None:
        is_done = anyio.Event()
        with anyio.move_on_after(_LONGEST):
            if widget.call_later(is_done.set):
                await is_done.wait()

    async def _release_after(self, doing: Awaitable[object]) -> None:
        try:
            await doing
        finally:
            self._holding -= 1
            self._app.call_later(self.release)
