"""A look at the database that may take long: the clock goes on beating meanwhile."""

from collections.abc import Awaitable, Callable

from anyio import Event, move_on_after
from textual.screen import Screen

from tuiflow.errors import TuiflowError

_PATIENCE = 0.1  # seconds that a beat of the clock waits


class Searching:
    """Has one look under way at most, as work of its screen's, which ends with that."""

    def __init__(self, screen: Screen[None], look: Callable[[], Awaitable[None]]) -> None:
        self._screen = screen
        self._look = look
        self._looked = Event()
        self._looked.set()
        self._problem: TuiflowError | None = None

    async def beat(self, *, anew: bool) -> bool:
        """Begin a look unless one is under way, or `anew` instead of it; say whether it has ended.

        Raises the TuiflowError that it raised.
        """
        if anew or self._looked.is_set():
            self._looked = Event()
            self._screen.run_worker(
                self._look_once, group="look", exclusive=True, exit_on_error=False
            )
        with move_on_after(_PATIENCE):
            await self._looked.wait()
        problem, self._problem = self._problem, None
        if problem is not None:
            raise problem
        return self._looked.is_set()

    async def _look_once(self) -> None:
        looked = self._looked
        try:
            await self._look()
        except TuiflowError as error:
            self._problem = error
        finally:
            looked.set()
