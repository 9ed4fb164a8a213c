"""What an import may not leave behind in its process: signal handlers and timers."""

import signal
from collections.abc import Generator
from contextlib import contextmanager, suppress


@contextmanager
def kept_signals() -> Generator[None]:
    """Put every signal handler back as it was before the block."""
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            if handler is not None and signal.getsignal(number) != handler:
                # Some numbers belong to the C library and cannot be set.
                with suppress(OSError, ValueError):
                    signal.signal(number, handler)
