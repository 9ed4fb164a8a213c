"""Shows the app: draws first, then brings what it stands on, and closes that when it is left."""

# Textual has brought asyncio, and anyio's half of it takes a tenth of the time to a first frame:
# here it is used only once that is drawn.
import asyncio  # noqa: TID251 - as said above
import gc
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from anyio.to_thread import run_sync

from tuiflow.tui.app import TuiflowApp
from tuiflow.tui.config import config_file, read_config
from tuiflow.tui.last_seen import place_of, read_last_seen, write_last_seen
from tuiflow.tui.pasting import take_pastes_whole
from tuiflow.tui.screens.home.opening import OpeningPage

if TYPE_CHECKING:
    from tuiflow.service import Service

LAST_SECONDS = 3.0  # to leave in, once the terminal is gone
EXIT_HANGUP = 129  # 128 + SIGHUP, as shells say it


@dataclass(frozen=True, slots=True)
class Asked:
    """What the screen is to show; None is for the settings to say."""

    target: Path | None = None
    db: str | None = None
    python: Path | None = None
    ascii: bool | None = None


def run_app(asked: Asked) -> str:
    """Show the app until it is left; gives the line to print after it, which may be empty.

    Raises what kept the service from opening, once the terminal is as it was.
    """
    take_pastes_whole()
    while True:
        showing = Showing(asked)
        last_line = asyncio.run(showing.run())
        if showing.next_target is None:
            return last_line
        asked = replace(asked, target=showing.next_target)


class Showing:
    """One app, from its first frame to its last line."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._seen_at = place_of(Path.cwd(), asked.target, asked.db, os.environ.get("TUIFLOW_DB"))
        self._app = TuiflowApp(
            OpeningPage(read_last_seen(self._seen_at), on_drawn=self._begin_serving)
        )
        self._config = read_config(config_file())
        self._is_left = asyncio.Event()
        self._serving: asyncio.Task[str] | None = None

    async def run(self) -> str:
        for number in (signal.SIGTERM, signal.SIGHUP):
            # Ended by it, the process would leave the terminal in the app's own state.
            asyncio.get_running_loop().add_signal_handler(number, self._app.exit)
        watching = partial(_leave_with_terminal, asyncio.get_running_loop(), self._app.exit)
        threading.Thread(target=watching, name="terminal", daemon=True).start()
        try:
            await self._app.run_async()
        finally:
            self._app.outside.leave(_write_last)
        self._is_left.set()
        return await self._serving if self._serving else ""

    @property
    def next_target(self) -> Path | None:
        """What is to be shown after this."""
        return self._app.next_target

    def _begin_serving(self) -> None:
        self._serving = asyncio.create_task(self._serve())
        self._serving.add_done_callback(lambda _: self._app.exit())

    async def _serve(self) -> str:
        # They take as long to import as everything before: in a thread, so that `q` is heard.
        await run_sync(import_module, "tuiflow.service")
        await run_sync(import_module, "tuiflow.tui.screens.home.runs")
        from tuiflow.service import open_service  # noqa: PLC0415 - as above
        from tuiflow.tui.screens.home.runs import RunsScreen  # noqa: PLC0415 - as above

        is_live = anyio.Event()

        def go_on() -> None:
            # What is there by now stays. Looking through all of it would hold up the keys for
            # 80 ms, every few seconds while much happens.
            gc.freeze()
            is_live.set()

        self._app.on_live = go_on
        async with open_service(
            target=self._asked.target,
            db=self._asked.db,
            python=self._asked.python,
            ascii=self._asked.ascii,
            after=is_live,
        ) as service:
            home = RunsScreen(service)
            await home.prepare()
            self._app.call_next(self._app.go_home, home)
            self._app.call_next(self._app.configure, self._config)
            await self._is_left.wait()
            if self._app.is_live:
                write_last_seen(self._seen_at, home.last_seen())
            return await _last_line(service)


def _leave_with_terminal(loop: asyncio.AbstractEventLoop, leave: Callable[[], None]) -> None:
    # A terminal can go without a signal, and Textual would read from it and wait for it for ever:
    # its loop may stand still by then.
    terminal = select.poll()
    terminal.register(sys.__stdin__.fileno() if sys.__stdin__ else 0, 0)
    if any(told & (select.POLLHUP | select.POLLERR) for _, told in terminal.poll()):
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(leave)
        time.sleep(LAST_SECONDS)
        os._exit(EXIT_HANGUP)


def _write_last(text: str) -> None:
    # Where Textual writes, which has closed its own way there by now.
    if sys.__stderr__ is not None:
        with suppress(OSError):
            sys.__stderr__.write(text)
            sys.__stderr__.flush()


async def _last_line(service: "Service") -> str:
    going_on = [run for run in await service.list_runs() if not run.status.is_final]
    if not going_on:
        return ""
    runs = "1 run goes" if len(going_on) == 1 else f"{len(going_on)} runs go"
    end = "RUN to end it" if len(going_on) == 1 else "--all to end them"
    return f"{runs} on: tuiflow to come back, tuiflow cancel {end}"
