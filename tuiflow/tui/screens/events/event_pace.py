"""How fast events come just now."""

from collections import deque

_SECONDS = 2.0  # looked back


class Pace:
    """Remembers how many had come, and when it was told so."""

    def __init__(self) -> None:
        self._told: deque[tuple[float, int]] = deque()

    def note(self, now: float, came: int) -> int:
        """Give how many came in a second; `came` counts from the first on, `now` is in seconds."""
        if self._told and came < self._told[-1][1]:
            self._told.clear()  # it is counted anew
        self._told.append((now, came))
        while len(self._told) > 2 and self._told[1][0] <= now - _SECONDS:
            self._told.popleft()
        began, before = self._told[0]
        return round((came - before) / max(now - began, _SECONDS))
