"""Keys that are typed sooner than they can be taken: they wait, and come in their order."""

from collections import deque
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING

from textual.events import Key, Paste

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from tuiflow.tui.app import TuiflowApp

_LONGEST = 1.0  # seconds that a key may be on its way before the next ones go on without it


class TypedAhead:
    """What was typed while nobody could take it: one key acts after the other."""

    def __init__(self, app: "TuiflowApp") -> None:
        self._app = app
        self._events: deque[Key | Paste] = deque()
        self._given: Key | Paste | None = None
        """The one that was given back, and has not come again yet."""
        self._holding = 0
        self._sent = 0
        self._arrived = 0
        self._stays = False
        """All that is on its way can do no more than write text, or move a cursor."""

    def keeps(self, event: Key | Paste) -> bool:
        """Say whether it is kept for later; leaving is never kept."""
        if not self._app.screen_stack:
            return True  # it is being left
        key = event.key if isinstance(event, Key) else ""
        if key == "ctrl+c" or (key == "q" and not self._app.is_live):
            return False
        if event is self._given:
            self._given = None
            return False
        if self._given is None and not self._events and self._may_come(event):
            return False
        if self._is_underway and not self._events:
            sent = self._sent
            self._app.set_timer(_LONGEST, lambda: self._arrive(sent))
        self._events.append(event)
        return True

    def passed(self, event: Key | Paste) -> None:
        """Let the next ones wait until this one has acted, wherever it was sent to."""
        if event.is_forwarded:
            # A page's own keys are heard at once, those of what has the focus only after a way
            # through it and all it stands in: `j` and `x` in one breath would cancel the run
            # above. What it does may send a message the same way: `enter` and `j`.
            self._stays = (self._stays or not self._is_underway) and self._stays_here(event)
            self._sent += 1
            way = (self._app.focused or self._app.screen).ancestors_with_self
            self._follow(self._sent, [*way, *way])
        self.release()

    def hold(self, doing: Awaitable[object]) -> None:
        """Do something, and keep what is typed meanwhile."""
        self._holding += 1
        self._app.run_worker(self._release_after(doing), exit_on_error=False)

    def release(self) -> None:
        """Give back the next that was kept, to whoever stands there now."""
        if self._given is not None or not self._events or not self._may_come(self._events[0]):
            return
        event = self._events.popleft()
        is_key = isinstance(event, Key)
        self._given = Key(event.key, event.character) if is_key else Paste(event.text)
        self._app.post_message(self._given)

    def _may_come(self, event: Key | Paste) -> bool:
        if self._holding or not self._app.is_live:
            return False
        # One that stays where it is sent to waits for no other such: each would be drawn by itself.
        return not self._is_underway or (self._stays and self._stays_here(event))

    def _stays_here(self, event: Key | Paste) -> bool:
        """Say whether it can do no more than write text, or move a cursor."""
        focused = self._app.focused
        if focused is None:
            return False
        key, char = (event.key, event.character) if isinstance(event, Key) else ("a", "a")
        if focused.check_consume_key(key, char):
            return True
        bound = self._app.screen.active_bindings.get(key)
        return bound is not None and bound.binding.action.startswith("cursor_")

    @property
    def _is_underway(self) -> bool:
        return self._arrived < self._sent

    def _follow(self, sent: int, way: "Sequence[MessagePump]") -> None:
        """Come behind a key on its way up, each time at the end of the queue it stood in."""
        for at, place in enumerate(way, start=1):
            if place.call_later(self._follow, sent, way[at:]):
                return
        self._arrive(sent)

    def _arrive(self, sent: int) -> None:
        self._arrived = max(sent, self._arrived)
        self.release()

    async def _release_after(self, doing: Awaitable[object]) -> None:
        try:
            await doing
        finally:
            self._holding -= 1
            self._app.call_later(self.release)
