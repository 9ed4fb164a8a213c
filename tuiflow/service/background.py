"""What goes on behind a block, and ends with it."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio
from anyio.abc import TaskGroup

from tuiflow.catalog import Notice
from tuiflow.errors import TuiflowError
from tuiflow.model.failure import describe_exception
from tuiflow.service.lost_runs import LostRuns

_AGAIN_AFTER = 1.0  # seconds


class Troubles:
    """What went wrong where nobody was waiting for an answer."""

    def __init__(self, now: Callable[[], int]) -> None:
        self.last: Notice | None = None
        self.lost = LostRuns(self.add)
        self._now = now

    def add(self, text: str) -> None:
        self.last = Notice(self._now(), text, is_error=True)


@asynccontextmanager
async def open_group() -> AsyncGenerator[TaskGroup, None]:
    """Open a task group that is cancelled when its block ends."""
    # What the block raises is the caller's own affair and not one of a group's.
    try:
        async with anyio.create_task_group() as group:
            yield group
            group.cancel_scope.cancel()
    except BaseExceptionGroup as raised:
        if len(raised.exceptions) != 1:
            raise
        raise raised.exceptions[0] from None


async def keep_up(work: Callable[[], Awaitable[None]], troubles: Troubles) -> None:
    """Do work that never ends, again after whatever breaks it."""
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - a screen outlives what breaks behind it
            own = describe_exception(error).summary
            is_said = isinstance(error, TuiflowError)
            troubles.add(str(error) if is_said else f"tuiflow's own error: {own}")
        await anyio.sleep(_AGAIN_AFTER)
