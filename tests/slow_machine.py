"""A pytest plugin: threads, the database and timers answer late now and then, as on a busy machine.

What reads the screen too early, or leans on the order of two threads, fails here and not once in a
hundred runs. `SLOW_SEED` chooses the delays.
"""

import os
import random
from asyncio import sleep  # noqa: TID251 - kept as it was before anything else is late
from collections.abc import Callable
from typing import Any

import aiosqlite.core
import anyio
import anyio.to_thread
import textual.timer

_SHARE = 0.4  # of what could be late
_LONGEST = 0.2  # seconds
_random = random.Random(f"{os.environ.get('SLOW_SEED')} {os.getpid()}")


def _late(share: float = _SHARE) -> float:
    return _random.uniform(0.0, _LONGEST) if _random.random() < share else 0.0


def _begin_late(do: Callable[..., Any], share: float = _SHARE) -> Callable[..., Any]:
    async def do_late(*args: Any, **kwargs: Any) -> Any:
        if seconds := _late(share):
            await sleep(seconds)
        return await do(*args, **kwargs)

    return do_late


def _oversleep(do: Callable[..., Any]) -> Callable[..., Any]:
    async def sleep_long(seconds: float) -> None:
        await do(seconds + _late() if seconds > 0 else seconds)

    return sleep_long


# Loaded before anything that takes these by their names.
anyio.to_thread.run_sync = _begin_late(anyio.to_thread.run_sync)
anyio.sleep = _oversleep(anyio.sleep)
textual.timer.sleep = _oversleep(textual.timer.sleep)  # type: ignore[attr-defined]
# Thousands in a row are no rarity.
aiosqlite.core.Connection._execute = _begin_late(aiosqlite.core.Connection._execute, 0.02)  # type: ignore[method-assign]
