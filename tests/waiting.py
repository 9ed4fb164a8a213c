"""How tests wait: for a condition and not for a time; the deadline is for what went wrong."""

import time
from collections.abc import Awaitable, Callable
from inspect import isawaitable

import anyio

PATIENCE = 30.0  # seconds a busy machine may take for anything; free when it is not


async def until(holds: Callable[[], object | Awaitable[object]]) -> None:
    """Wait for what another thread or process does: nobody over there rings a bell.

    A look that takes long is taken less often: what is waited for needs the processor too.
    """
    with anyio.fail_after(PATIENCE):
        while True:
            began = time.monotonic()
            found = holds()
            if await found if isawaitable(found) else found:
                return
            await anyio.sleep(max(0.005, time.monotonic() - began))
