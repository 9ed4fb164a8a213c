"""Opens a canned scene in the real app, without a terminal and with the clock held still."""

import tempfile
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import anyio
from textual.events import Key
from textual.keys import _character_to_key  # pyright: ignore[reportPrivateUsage]
from textual.pilot import Pilot

from tests.scenes import NOW, Scene, write_scene
from tests.waiting import PATIENCE
from tuiflow.service import Service, open_service
from tuiflow.tui.app import TuiflowApp
from tuiflow.tui.screens.home.runs import RunsScreen


@dataclass
class Opened:
    """An app that shows a scene."""

    app: TuiflowApp
    pilot: Pilot[None]
    service: Service

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type a text in one breath; after each key that is pressed, the pilot waits 60 ms."""
        for letter in text:
            self.app.post_message(Key(_character_to_key(letter), letter))
        await self.settle()

    async def say(self, line: str) -> None:
        """Say a command."""
        await self.press("colon")
        await self.type(line)
        await self.press("enter")

    async def settle(self) -> None:
        """Let the clock beat and what follows be drawn."""
        beats = self.app.clock.beats
        self.app.clock.wake()
        with anyio.fail_after(PATIENCE):
            while self.app.clock.beats < beats + 2:
                await self.pilot.pause()
                self.app.clock.wake()
        await self.pilot.pause()

    @property
    def text(self) -> str:
        """What stands on the screen."""
        lines = self.app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage]
        return "\n".join(strip.text.rstrip() for strip in lines)

    async def wait_for(self, text: str) -> str:
        """Wait until a text stands on the screen, and give all of it."""
        try:
            with anyio.fail_after(PATIENCE):
                while text not in self.text:
                    await self.settle()
        except TimeoutError:
            raise AssertionError(f"no {text!r} on the screen:\n{self.text}") from None
        return self.text

    async def wait_gone(self, text: str) -> None:
        """Wait until a text does not stand on the screen any more."""
        with anyio.fail_after(PATIENCE):
            while text in self.text:
                await self.settle()


@contextmanager
def _held_still(service: Service) -> Generator[None]:
    """Stop what differs from day to day and from machine to machine."""
    with (
        mock.patch.object(service, "now", return_value=NOW),
        mock.patch.object(service, "command_options", ()),
        mock.patch.object(service, "database_size", return_value=214_000),
        mock.patch("tuiflow.catalog.catalog.now", return_value=NOW),
    ):
        yield


@asynccontextmanager
async def open_scene(
    scene: Scene,
    size: tuple[int, int] = (120, 40),
    *,
    watch: bool = False,
    spoil: Callable[[Path], None] | None = None,
) -> AsyncGenerator[Opened, None]:
    """Show a scene; with `watch`, the folder is followed and workers can run.

    `spoil` is given the database before anybody opens it.
    """
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "shop"
        db = await write_scene(scene, project)
        if spoil is not None:
            spoil(Path(db.db_file))
        async with open_service(target=project / "workflows", watch=watch) as service:
            with _held_still(service):
                if not watch:
                    await service.refresh()
                app = TuiflowApp(RunsScreen(service))
                async with app.run_test(size=size, notifications=True) as pilot:
                    opened = Opened(app, pilot, service)
                    await opened.settle()
                    yield opened
