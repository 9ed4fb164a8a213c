"""Runs sync functions in threads of our own, which can be told to stop and never hold the exit."""

import contextvars
import os
import sys
import sysconfig
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from anyio import (
    CancelScope,
    Event,
    NoEventLoopError,
    from_thread,
    get_cancelled_exc_class,
    move_on_after,
)
from anyio.lowlevel import EventLoopToken, current_token

_STDLIB = sysconfig.get_path("stdlib")
HEARING_SECONDS = 1.2
"""How long a thread may take to hear that it is cancelled before it is left behind: long enough
for a loop around a `sleep(1)`, which hears between two of them."""


def count_threads() -> int:
    """Say how many sync functions of one run may run at a time."""
    return min(32, 4 * (os.cpu_count() or 1))


def is_in_loop() -> bool:
    """Say whether an event loop is running in this thread."""
    try:
        current_token()
    except NoEventLoopError:
        return False
    return True


class ThreadCall:
    """One call of a sync function in a thread of its own."""

    def __init__(self, function: Callable[[], object], name: str) -> None:
        self._function = function
        self._context = contextvars.copy_context()
        self._loop: EventLoopToken = current_token()
        self._ended = Event()
        self._lock = threading.Lock()
        self._is_over = False
        self._is_abandoned = False
        self._has_heard = False
        self._has_begun = False
        self._told_before: type[BaseException] | None = None
        """What it is told to end with before it is there to hear."""
        self._was_called = False
        self._was_reported = False
        self._outcome: tuple[object, BaseException | None] | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    async def wait(self, *, grace: float, on_cancel: Callable[[], type[BaseException]]) -> bool:
        """Start and wait; after a cancel give it up to `grace` seconds. False: left behind.

        `on_cancel` names what is raised inside the thread.
        """
        self._thread.start()
        try:
            await self._ended.wait()
        except get_cancelled_exc_class():
            self._interrupt(on_cancel())
            with CancelScope(shield=True):
                await self._wait_for_cleanup(grace)
            self._is_abandoned = not self._is_over
        return self._is_over

    def result(self) -> object:
        """Give what the function returned, or raise what it raised."""
        value, error = self._outcome or (None, None)
        if error is not None:
            raise error
        return value

    @property
    def error(self) -> BaseException | None:
        return self._outcome[1] if self._outcome else None

    @property
    def place(self) -> str:
        """Say where the author's code is just now: `file.py:12`; nothing when it cannot be said."""
        frames = sys._current_frames()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - documented
        frame = frames.get(self._thread.ident or 0)
        while frame is not None and frame.f_code.co_filename.startswith(_STDLIB):
            frame = frame.f_back
        return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}" if frame else ""

    async def _wait_for_cleanup(self, grace: float) -> None:
        with move_on_after(min(HEARING_SECONDS, grace)):
            await self._ended.wait()
        if self._has_heard:
            with move_on_after(max(0.0, grace - HEARING_SECONDS)):
                await self._ended.wait()

    def _interrupt(self, kind: type[BaseException]) -> None:
        # Deferred: ctypes takes milliseconds to import, and most runs are never cancelled.
        import ctypes  # noqa: PLC0415

        with self._lock:
            if not self._has_begun:
                self._told_before = kind
            elif not self._is_over and self._thread.ident is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(self._thread.ident), ctypes.py_object(self._heard(kind))
                )

    def _heard(self, kind: type[BaseException]) -> type[BaseException]:
        call = self

        class HeardError(kind):
            """Python makes the instance when the thread gets to see it: so we know it heard."""

            def __init__(self, *args: object) -> None:
                super().__init__(*args)
                call._has_heard = True

        HeardError.__name__ = HeardError.__qualname__ = kind.__qualname__
        return HeardError

    def _run(self) -> None:
        # A cancel can strike between any two lines here, even after the function has returned;
        # the loop then goes on where it was, without calling the function twice.
        while not self._was_reported:
            try:
                if not self._was_called:
                    self._was_called = True
                    self._begin()
                    self._outcome = self._context.run(self._function), None
                with self._lock:
                    self._is_over = True
                self._report()
                self._was_reported = True
            except BaseException as error:  # noqa: BLE001 - whatever an author's code raises
                self._outcome = self._outcome or (None, error)

    def _begin(self) -> None:
        # Raised in its first steps, a cancel would end the thread where nobody is told of it.
        with self._lock:
            self._has_begun = True
            if self._told_before is not None:
                raise self._told_before

    def _report(self) -> None:
        # The loop may be gone, when the run did not wait for this thread.
        if not self._is_abandoned:
            with suppress(RuntimeError):
                from_thread.run_sync(self._ended.set, token=self._loop)
