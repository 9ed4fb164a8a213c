"""Makes many values in one go, or imports many modules."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None, None, None]:
    """Keep the garbage collector away while much is made that all stays.

    It would look through it again and again: half of the time to read a page of events, a
    twentieth of a command's start.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
