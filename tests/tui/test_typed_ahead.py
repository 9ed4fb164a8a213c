import pytest

from tests.opened import open_scene
from tests.scenes import SCENES
from tests.waiting import until


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("jx", "run 7f0c is over (error)"),  # and not: cancel the one above it
        ("js", "run 7f0c"),  # the form begins with what the chosen run was given
        ("2jjjR", "this run goes on"),
        ("2/curr", "1/1"),  # the letters are what is looked for
        ("jjkkjxs", "Start a run"),  # all of them, in their order
    ],
)
async def test_keys_of_one_breath_act_in_their_order(keys: str, told: str):
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.type(keys)

        assert told in await opened.wait_for(told)


async def test_a_copy_in_one_breath_with_a_move_is_of_what_the_cursor_stands_on():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.type("j2gjoy")
        await opened.wait_for("opied")

        assert '"id": 10231' in opened.app.clipboard


async def test_a_long_text_in_one_breath_is_taken_whole():
    text = "a" * 200
    async with open_scene(SCENES["done"], (120, 40)) as opened:
        await opened.type("s" + text)

        await until(lambda: getattr(opened.app.screen.focused, "typed", "") == text)
