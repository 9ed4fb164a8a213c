"""Makes many values in one go."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None, None, None]:
    """Keep the garbage collector away while many values are made that all stay.

    It would look through them again and again: half of the time to read a page of events.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
