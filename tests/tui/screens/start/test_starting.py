from unittest import mock

import anyio
from textual.widgets import Button

from tests.opened import open_scene
from tests.scenes import SCENES, run_id


async def test_the_form_is_not_closed_while_it_starts_a_run_and_then_shows_it():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        home, may_start = opened.app.screen, anyio.Event()

        async def start(*_: object, **__: object) -> str:
            await may_start.wait()
            return run_id("7f0c")

        with mock.patch.object(opened.service, "start", start):
            await opened.press("s", "enter")
            await opened.wait_for("… starting: a process imports its code")
            opened.app.screen.query_one("#close", Button).press()
            await opened.settle()
            may_start.set()
            await opened.wait_for("2 Steps  daily_orders#7f0c")

        assert opened.app.screen is home
