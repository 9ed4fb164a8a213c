"""The one rhythm of the screen: it asks for news, and nothing is ever pushed to it."""

from collections.abc import Awaitable, Callable

import anyio

BUSY = 1 / 12  # seconds between two looks while things happen
CALM = 1 / 5  # while nothing has happened for a moment
AWAY = 1.0  # while the terminal has lost the focus
_CALM_AFTER = 24  # looks without news


class Clock:
    """Calls `pull` again and again, sooner when there is news; `pull` says whether there was."""

    def __init__(self, pull: Callable[[], Awaitable[bool]]) -> None:
        self._pull = pull
        self._wake = anyio.Event()
        self._looks_without_news = 0
        self.is_away = False
        self.beats = 0
        """How often it has looked."""

    def wake(self) -> None:
        """Look now, not at the next beat: a key was pressed."""
        self._looks_without_news = 0
        self._wake.set()

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            self._wake = anyio.Event()
            has_news = await self._pull()
            self.beats += 1
            self._looks_without_news = 0 if has_news else self._looks_without_news + 1
            with anyio.move_on_after(self._pause()):
                await self._wake.wait()

    def _pause(self) -> float:
        if self.is_away:
            return AWAY
        return CALM if self._looks_without_news > _CALM_AFTER else BUSY
