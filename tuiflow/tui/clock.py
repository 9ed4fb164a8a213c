"""The one rhythm of the screen: it asks for news, and nothing is ever pushed to it."""

import time
from collections.abc import Awaitable, Callable

import anyio

HURRIED = 1 / 30  # seconds between two looks while a person waits for what a key began
BUSY = 1 / 12  # seconds between two looks while things happen
CALM = 1 / 5  # while nothing has happened for a moment
AWAY = 1.0  # while the terminal has lost the focus
_CALM_AFTER = 24  # looks without news
_HURRY_SECONDS = 1.0


class Clock:
    """Calls `pull` again and again, sooner when there is news; `pull` says whether there was."""

    def __init__(self, pull: Callable[[], Awaitable[bool]]) -> None:
        self._pull = pull
        self._wait: anyio.CancelScope | None = None
        self._is_woken = False
        self._looks_without_news = 0
        self._hurry_until = 0.0
        self.is_away = False
        self.beats = 0
        """How often it has looked."""
        self._beat = anyio.Event()

    def wake(self) -> None:
        """Look now, not at the next beat: a key was pressed."""
        self._looks_without_news = 0
        self._is_woken = True
        if self._wait is not None:
            self._wait.cancel()

    def hurry(self) -> None:
        """Look now, and again soon: somebody waits for the first sign of what was begun."""
        self._hurry_until = time.monotonic() + _HURRY_SECONDS
        self.wake()

    async def look(self) -> None:
        """Wait for the end of a look that begins from now on."""
        wanted = self.beats + (1 if self._wait is not None else 2)
        self.wake()
        while self.beats < wanted:
            await self.beat()

    async def beat(self) -> None:
        """Wait for the end of this look, or of the next."""
        await self._beat.wait()

    @property
    def is_calm(self) -> bool:
        """Nothing has happened for a moment, and no key was pressed."""
        return self._looks_without_news > _CALM_AFTER

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            self._is_woken = False
            has_news = await self._pull()
            self.beats += 1
            self._beat.set()
            self._beat = anyio.Event()
            self._looks_without_news = 0 if has_news else self._looks_without_news + 1
            if not self._is_woken:
                # Cancelled by a wake and not by the time: an idle screen beats often, for nothing.
                with anyio.CancelScope() as self._wait:
                    await anyio.sleep(self._pause())
                self._wait = None

    def _pause(self) -> float:
        if self.is_away:
            return AWAY
        if time.monotonic() < self._hurry_until:
            return HURRIED
        return CALM if self.is_calm else BUSY
