import sys
import threading
from collections.abc import Iterator

import pytest


@pytest.fixture
def untraced() -> Iterator[None]:
    """Switch a tracer off, where there is one, in this thread and those it starts.

    A traced CPython 3.11 goes round in circles while another thread has not yet heard an exception.
    """
    here, there = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)  # type: ignore[arg-type]
    yield
    threading.settrace(there)  # type: ignore[arg-type]
    sys.settrace(here)
