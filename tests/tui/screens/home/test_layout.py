"""What one looks at stays in sight when the terminal gets another size."""

import pytest

from tests.opened import Opened, open_scene
from tests.scenes import SCENES


async def resize(opened: Opened, size: tuple[int, int]) -> None:
    await opened.pilot.resize_terminal(*size)
    await opened.settle()
    await opened.settle()


def focused(opened: Opened) -> str:
    pane = opened.app.screen.focused
    return pane.id or "" if pane is not None else "nothing"


@pytest.mark.parametrize("size", [(120, 40), (160, 45)])
async def test_the_steps_stay_when_there_is_room_for_one_level_and_after_it(
    size: tuple[int, int],
):
    async with open_scene(SCENES["running"], size) as opened:
        await opened.press("2", "j")
        await resize(opened, (80, 24))
        assert "2 Steps" in opened.text
        assert focused(opened) == "steps"
        await opened.press("1")
        await resize(opened, size)

        assert focused(opened) == "runs"


async def test_a_value_that_has_a_pane_of_its_own_goes_there_and_comes_back():
    async with open_scene(SCENES["running"], (160, 45)) as opened:
        await opened.press("2", "j", "j", "j", "p")
        assert focused(opened) == "previous"
        await resize(opened, (120, 40))
        assert focused(opened) == "text"
        assert "▾p Previous" in opened.text
        await resize(opened, (160, 45))

        assert focused(opened) == "previous"
        assert "▾" in opened.text  # the other pane shows something that it offers
