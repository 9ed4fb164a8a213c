"""Keeps work going in the loop it was started from, after its starter has gone on."""

import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from anyio import from_thread, get_cancelled_exc_class
from anyio.lowlevel import current_token

from tuiflow.model.ids import RunId


def keep_running(
    function: Callable[[], Coroutine[Any, Any, object]],
    run_id: RunId,
    end_left: Callable[[RunId], object],
) -> None:
    """Run it as a task of this loop, held by a thread so that nothing can forget it.

    `end_left` is called in that thread where it did not come to its end: its loop may have ended
    before it could begin.
    """
    loop = current_token()
    is_through = threading.Event()

    async def run() -> None:
        # The end of its loop ends it too; that is in the run's record, and nobody waits here.
        with suppress(get_cancelled_exc_class()):
            await function()
            is_through.set()

    def hold() -> None:
        # How a run ended stands in its own record.
        with suppress(BaseException):
            from_thread.run(run, token=loop)
        if not is_through.is_set():
            with suppress(Exception):
                end_left(run_id)

    threading.Thread(target=hold, name=f"tuiflow run {run_id}", daemon=True).start()
