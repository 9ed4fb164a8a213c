"""How a worker hears that its run is to end, also while a step holds the event loop."""

import os
import signal
import socket
import sys
import sysconfig
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

import anyio
from anyio import sleep, to_thread, wait_readable

import tuiflow
from tuiflow.errors import StepCancelledError, StoreError
from tuiflow.model.ids import RunId
from tuiflow.store import Store
from tuiflow.worker.last_words import LastWords
from tuiflow.worker.leftovers import Leftovers
from tuiflow.workflow import RunControl

SWITCH_SECONDS = 1e-4
"""With the usual 5 ms, eight spinning threads take a second to hear of their cancel."""
BLOCKED_SECONDS = 0.2
TURN_SECONDS = 0.05
LAST_SECONDS = 1.0
"""How long after the grace a run that cannot be recorded any more is killed by itself."""
_USUAL = {
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGINT: signal.default_int_handler,
    signal.SIGALRM: signal.SIG_DFL,
}
UNASKED = "its worker was told to end (SIGTERM)"

_OURS = str(Path(tuiflow.__file__).parent) + os.sep
_SAMPLES = _OURS + "workflows" + os.sep
_CALLS_AUTHORS = _OURS + os.path.join("engine", "executor.py")
_STDLIB = sysconfig.get_path("stdlib") + os.sep
_LOOP = (_STDLIB + "asyncio" + os.sep, str(Path(anyio.__file__).parent) + os.sep)
_INSTALLED = tuple({sysconfig.get_path("purelib") + os.sep, sysconfig.get_path("platlib") + os.sep})


class Canceller:
    """Cancels a run on SIGTERM, and interrupts an async step that does not let the loop turn."""

    def __init__(
        self,
        control: RunControl,
        store: Store,
        run_id: RunId,
        words: LastWords,
        leftovers: Leftovers,
    ) -> None:
        self._control = control
        self._store = store
        self._run_id = run_id
        self._words = words
        self._leftovers = leftovers
        self._turned_at = 0.0
        self._forking = threading.local()
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)  # noqa: FBT003 - the standard library takes it by place

    def listen(self) -> None:
        """Take over the signals that ask for an end; a hang-up is none of them."""
        signal.signal(signal.SIGTERM, self._on_end)
        signal.signal(signal.SIGINT, self._on_end)
        # Not SIG_IGN, which what a step starts would inherit.
        signal.signal(signal.SIGHUP, _ignore)
        signal.signal(signal.SIGALRM, self._on_alarm)
        os.register_at_fork(
            before=self._hold_back,
            after_in_parent=self._let_through,
            after_in_child=self._unlisten,
        )
        main = threading.main_thread().ident or 0
        # A wish that came through the database takes the same way.
        self._control.on_cancel = lambda: signal.pthread_kill(main, signal.SIGTERM)
        self._control.on_failure = self._on_failure

    async def watch(self) -> None:
        """Wait for the signal, cancel the run, and keep time until the process ends."""
        await wait_readable(self._ear)
        self._control.cancel(await self._reason())
        self._control.scope.cancel()
        # Only now what the steps have started: they would fail of its end, and not be cancelled.
        await to_thread.run_sync(self._leftovers.ask)
        while True:
            self._turned_at = max(self._turned_at, time.monotonic())
            await sleep(TURN_SECONDS)

    async def _reason(self) -> str:
        with suppress(StoreError):
            run = await self._store.get_run(self._run_id)
            if run.cancel_requested_at is not None:
                return run.reason
        return UNASKED

    # A child would ring our bell, or not hear what ends it: `multiprocessing` ends the processes of
    # a pool by SIGTERM, and may do so before they have got rid of our handlers.

    def _hold_back(self) -> None:
        self._forking.mask = signal.pthread_sigmask(signal.SIG_BLOCK, _USUAL)

    def _let_through(self) -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, self._forking.mask)

    def _unlisten(self) -> None:
        for number, usual in _USUAL.items():
            if signal.getsignal(number) in (self._on_end, self._on_alarm):
                signal.signal(number, usual)
        self._let_through()

    def _on_failure(self, error: StoreError) -> None:
        self._words.say(str(error))
        # Nobody else can see this run any more, and so nobody would kill it.
        end = threading.Timer(self._leftovers.grace + LAST_SECONDS, self._kill_all)
        end.daemon = True
        end.start()

    def _kill_all(self) -> None:
        self._leftovers.kill()
        os.killpg(os.getpgrp(), signal.SIGKILL)

    def _on_end(self, _number: int, _frame: FrameType | None) -> None:
        if self._turned_at:
            return
        sys.setswitchinterval(SWITCH_SECONDS)
        self._turned_at = time.monotonic()
        self._bell.send(b"!")
        signal.setitimer(signal.ITIMER_REAL, BLOCKED_SECONDS, TURN_SECONDS)

    def _on_alarm(self, _number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self._turned_at < BLOCKED_SECONDS or not is_authors_turn(frame):
            return
        self._control.cancel(UNASKED)
        self._control.scope.cancel()
        # What it does from here on is cleaning up.
        self._turned_at = now + self._leftovers.grace
        raise StepCancelledError("the run is being cancelled")


def is_authors_turn(frame: FrameType | None) -> bool:
    """Say whether an author's code runs here, and an exception would reach it and not the engine.

    True where the engine's call of an executor, or the loop itself, is right above author's code.
    """
    has_authors = False
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(_OURS) and not file.startswith(_SAMPLES):
            return has_authors and file == _CALLS_AUTHORS
        if file.startswith(_LOOP):
            return has_authors
        has_authors = has_authors or not file.startswith(_STDLIB) or file.startswith(_INSTALLED)
        frame = frame.f_back
    return False


def _ignore(_number: int, _frame: FrameType | None) -> None:
    return
