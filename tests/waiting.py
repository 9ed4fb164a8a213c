"""How tests wait: for a condition and not for a time; the deadline is for what went wrong."""

from collections.abc import Awaitable, Callable
from inspect import isawaitable

import anyio

PATIENCE = 30.0  # seconds a busy machine may take for anything; free when it is not


async def until(holds: Callable[[], object | Awaitable[object]]) -> None:
    """Wait for what another thread or process does: nobody over there rings a bell."""
    with anyio.fail_after(PATIENCE):
        while True:
            found = holds()
            if await found if isawaitable(found) else found:
                return
            await anyio.sleep(0.005)
