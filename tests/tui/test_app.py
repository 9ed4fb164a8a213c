from unittest import mock

import anyio
import pytest
from textual.events import AppBlur, AppFocus

from tests.opened import open_scene
from tests.scenes import SCENES
from tests.waiting import PATIENCE, until
from tuiflow.errors import DatabaseUnusableError
from tuiflow.tui import app
from tuiflow.tui.clock import AWAY


async def test_what_goes_wrong_in_the_background_is_said_in_a_line():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        opened.service._troubles.add("the disk is [full] \x1b[2J")

        assert "! " in await opened.wait_for("the disk is [full]")


async def test_nothing_is_drawn_while_nothing_happens():
    async with open_scene(SCENES["done"], (120, 40)) as opened:
        await opened.press("j")
        drawn: list[object] = []
        opened.app._driver.write = drawn.append  # type: ignore[method-assign,union-attr]
        for _ in range(5):
            await opened.settle()

        assert drawn == []


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine take its time between the two."""
    monkeypatch.setattr(app, "TWICE", PATIENCE)


@pytest.mark.usefixtures("patient")
async def test_ctrl_c_hints_and_a_second_one_leaves():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        await opened.press("ctrl+c")
        assert "q leaves and runs go on" in opened.text
        await opened.pilot.press("ctrl+c")

        await until(lambda: not opened.app.is_running)


@pytest.mark.usefixtures("patient")
async def test_ctrl_c_copies_what_is_selected_in_a_form_and_else_leaves_it_too():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "s", "ctrl+c", "ctrl+c")
        assert opened.app.clipboard == "2026-08-22"
        await opened.press("end", "ctrl+c")
        assert "q leaves and runs go on" in opened.text
        await opened.pilot.press("ctrl+c")

        await until(lambda: not opened.app.is_running)


async def test_an_error_of_our_own_is_a_line_and_the_clock_goes_on():
    async with open_scene(SCENES["done"], (120, 40)) as opened:
        with mock.patch.object(opened.service, "changed", side_effect=ZeroDivisionError("ours")):
            opened.app.clock.wake()
            text = ""
            with anyio.fail_after(PATIENCE):
                while "tuiflow's own error" not in text:
                    await opened.pilot.pause()
                    text = opened.text
        assert "ZeroDivisionError: ours" in text

        await opened.settle()
        assert opened.app.is_running


async def test_what_keeps_every_look_from_answering_is_said_on_a_page_opened_since_too():
    async with open_scene(SCENES["done"], (120, 40)) as opened:
        error = DatabaseUnusableError("runs.db", "the file is damaged")
        with mock.patch.object(opened.service, "changed", side_effect=error):
            opened.app.clock.wake()
            await opened.wait_for("runs.db: the file is damaged")

            await opened.pilot.press("E")
            await opened.wait_for("/ Filter")
            opened.app.clock.wake()

            await opened.wait_for("runs.db: the file is damaged")


async def test_an_unfocused_screen_looks_once_a_second_and_a_focused_one_at_once():
    async with open_scene(SCENES["done"], (120, 40)) as opened:
        opened.app.post_message(AppBlur())
        await until(lambda: opened.app.clock.is_away)
        assert opened.app.clock._pause() == AWAY
        opened.app.post_message(AppFocus())
        await until(lambda: not opened.app.clock.is_away)

        assert opened.app.clock._pause() < AWAY


async def test_what_was_said_of_a_file_is_not_said_again_when_something_else_is_seen():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        (opened.service.folder / "daily.py").write_text("from tuiflow import Step\noops(\n")
        await opened.service.refresh()
        await opened.wait_for("daily.py:2 SyntaxError")
        opened.app.say("something else")
        (opened.service.folder / "other.py").write_text("import os\n")
        await opened.service.refresh()
        await opened.settle()

        assert [notice.text for notice in opened.app.notices][-1] == "something else"
