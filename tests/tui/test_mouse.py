from textual.events import MouseScrollDown

from tests.opened import Opened, open_scene
from tests.scenes import SCENES


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


async def test_the_wheel_scrolls_what_it_is_over_and_moves_no_cursor():
    async with open_scene(SCENES["running"], (80, 16)) as opened:
        await opened.press("2", "g")
        steps = opened.app.screen.query_one("#steps")
        before = opened.text
        await opened.pilot._post_mouse_events([MouseScrollDown], steps, button=0)  # pyright: ignore[reportPrivateUsage]
        await opened.pilot.pause()
        await opened.settle()

        assert steps.scroll_offset.y > 0  # no key was needed
        assert steps.cursor_row == 0  # type: ignore[attr-defined]
        assert opened.text != before


async def test_y_copies_the_event_under_the_cursor():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.type("j2ey")
        await opened.wait_for("opied")

        assert '"kind": "Step' in opened.app.clipboard
