"""Keeps work going in the loop it was started from, after its starter has gone on."""

import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from anyio import from_thread, get_cancelled_exc_class
from anyio.lowlevel import current_token


def keep_running(function: Callable[[], Coroutine[Any, Any, object]], name: str) -> None:
    """Run it as a task of this loop, held by a thread so that nothing can forget it."""
    loop = current_token()

    async def run() -> None:
        # The end of its loop ends it too; that is in the run's record, and nobody waits here.
        with suppress(get_cancelled_exc_class()):
            await function()

    def hold() -> None:
        # How a run ended stands in its own record.
        with suppress(BaseException):
            from_thread.run(run, token=loop)

    threading.Thread(target=hold, name=name, daemon=True).start()
