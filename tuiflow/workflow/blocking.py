"""Runs async code for a plain caller, whether or not a loop runs around it."""

import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio

from tuiflow.engine.threads import is_in_loop

T = TypeVar("T")


def call_blocking(function: Callable[[], Awaitable[T]]) -> T:
    """Run to the end and give the result; inside a loop in a thread that lives as long."""
    results: list[T] = []
    errors: list[BaseException] = []

    async def keep() -> None:
        # Not given through the loop: it writes out the repr of what its task gave, however long,
        # when it hands Ctrl+C back. Nor is what was raised, which would tell of the loop.
        try:
            results.append(await function())
        except Exception as error:  # noqa: BLE001 - it is raised again below
            errors.append(error)

    def run() -> None:
        try:
            anyio.run(keep)
        except BaseException as error:  # noqa: BLE001 - it is raised again in the caller's thread
            errors.append(error)

    if is_in_loop():
        thread = threading.Thread(target=run, name="tuiflow call", daemon=True)
        thread.start()
        thread.join()
    else:
        anyio.run(keep)
    if errors:
        raise errors[0]
    return results[0]
