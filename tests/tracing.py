"""What cannot be tried while lines are counted."""

import sys

import pytest

UNTRACED = pytest.mark.skipif(
    sys.gettrace() is not None and sys.version_info < (3, 12),
    reason="a traced CPython 3.11 goes round in circles while another thread has not yet heard "
    "an exception",
)
"""For a worker whose step waits in C while it is cancelled: it is traced too, and hears nothing."""
