from collections.abc import Sequence
from dataclasses import replace

import pytest
from textual.events import MouseEvent, MouseScrollDown, MouseScrollUp
from textual.widget import Widget

from tests.opened import Opened, open_scene
from tests.scene_tapes import daily_running
from tests.scenes import DONE, FAILED, RUNNING, SCENES, Scene
from tests.taping import Tape
from tuiflow.tui.widgets.log_pane import LogPane

MANY = [replace(DONE, tail=f"a{number:03d}") for number in range(4)]
LONG = Scene(runs=(*MANY, FAILED, RUNNING))


async def wheel(opened: Opened, widget: Widget, way: type[MouseEvent]) -> None:
    await opened.pilot._post_mouse_events([way], widget, button=0)  # pyright: ignore[reportPrivateUsage]
    await opened.pilot.pause()
    await opened.settle()


async def click_on(opened: Opened, text: str, times: int = 1) -> None:
    y, line = next((y, line) for y, line in enumerate(opened.text.splitlines()) if text in line)
    await opened.pilot.click(offset=(line.index(text) + 1, y), times=times)
    await opened.settle()


async def test_a_click_chooses_a_row_two_open_it_and_tabs_and_keys_can_be_clicked():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await click_on(opened, "✗ 7f0c")
        assert "▾a Error" in await opened.wait_for("daily_orders#7f0c")
        await click_on(opened, "o Output")
        assert "▾o Output" in opened.text
        await click_on(opened, "e Events")
        await opened.wait_for("StepStarted")
        await click_on(opened, "✓ geo", times=2)
        assert opened.app.screen.focused.id == "node-events"  # type: ignore[union-attr]
        await click_on(opened, "E Events  z")

        await opened.wait_for("To step")


@pytest.mark.parametrize(
    ("keys", "pane"),
    [
        ((), "runs"),
        (("2", "g"), "steps"),
        (("2", "j", "j", "j", "p", "5", "g"), "text"),
        (("2", "g", "e", "5", "g"), "node-events"),
    ],
)
async def test_the_wheel_scrolls_what_it_is_over_and_moves_no_cursor(
    keys: Sequence[str], pane: str
):
    async with open_scene(LONG if pane == "runs" else SCENES["running"], (80, 16)) as opened:
        await opened.press(*keys)
        widget = opened.app.screen.query_one(f"#{pane}")
        opened.app.screen.set_focus(None)
        await opened.settle()
        before, cursor = opened.text, getattr(widget, "cursor_row", 0)
        await wheel(opened, widget, MouseScrollDown)

        assert widget.scroll_offset.y > 0  # no key was needed
        assert getattr(widget, "cursor_row", 0) == cursor
        assert opened.text != before
        await wheel(opened, widget, MouseScrollUp)
        assert widget.scroll_offset.y == 0


async def test_the_wheel_ends_the_following_of_a_log_and_at_its_end_begins_it_again():
    def talking() -> Tape:
        tape = daily_running()
        for number in range(60):
            tape.say("fetch_orders", 4.0, f"line {number}")
        return tape

    scene = Scene(runs=(replace(RUNNING, tape=talking),))
    async with open_scene(scene, (120, 40)) as opened:
        await opened.press("2", "j", "L")
        await opened.wait_for("line 59")
        log = opened.app.screen.query_one("#logs", LogPane)
        await wheel(opened, log, MouseScrollUp)
        assert (log.follow, log.is_vertical_scroll_end) == (False, False)
        for _ in range(3):
            await wheel(opened, log, MouseScrollDown)

        assert (log.follow, log.is_vertical_scroll_end) == (True, True)


async def test_ctrl_c_copies_what_the_mouse_has_selected_and_says_where_to():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j")
        await opened.wait_for("KeyError: 'EUR'")
        await opened.pilot.mouse_down("#text", offset=(3, 3))
        await opened.pilot.hover("#text", offset=(12, 3))
        await opened.pilot.mouse_up("#text", offset=(12, 3))
        await opened.press("ctrl+c")
        await opened.wait_for("copied 1 line to the terminal's clipboard, and to")

        assert opened.app.clipboard in opened.text


async def test_y_copies_the_event_under_the_cursor():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.type("j2ey")
        await opened.wait_for("opied")

        assert '"kind": "Step' in opened.app.clipboard
