"""Runs async code for a plain caller, whether or not a loop runs around it."""

import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio

from tuiflow.engine.threads import is_in_loop

T = TypeVar("T")


def call_blocking(function: Callable[[], Awaitable[T]]) -> T:
    """Run to the end and give the result; inside a loop in a thread that lives as long."""
    if not is_in_loop():
        return anyio.run(function)
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(anyio.run(function))
        except BaseException as error:  # noqa: BLE001 - it is raised again in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=run, name="tuiflow call", daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
