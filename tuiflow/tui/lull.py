"""Does something once nothing has changed for a moment."""

from collections.abc import Awaitable, Callable

from anyio import sleep
from textual.dom import DOMNode


class Lull:
    """Waits for a lull, one at a time; a change while it does calls for another one."""

    def __init__(self, node: DOMNode, seconds: float, do: Callable[[], Awaitable[None]]) -> None:
        self._node = node
        self._seconds = seconds
        self._do = do
        self._is_waiting = False
        self.changes = 0
        """How many there were."""

    def note_change(self) -> None:
        """Wait from now on."""
        self.changes += 1
        if not self._is_waiting:
            self._is_waiting = True
            self._node.run_worker(self._wait(), exit_on_error=False)

    async def _wait(self) -> None:
        known = -1
        try:
            while known != self.changes:
                known = self.changes
                await sleep(self._seconds)
                if known == self.changes:
                    await self._do()
        finally:
            self._is_waiting = False
