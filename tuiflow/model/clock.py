"""What time it is, as every event and row says it."""

import time


def now() -> int:
    """Give the time in microseconds since 1970, UTC."""
    return time.time_ns() // 1000
