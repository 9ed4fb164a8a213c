from tests.opened import open_scene
from tests.scenes import SCENES


async def test_a_narrow_row_of_keys_leaves_out_what_does_nothing_and_keeps_help_and_leave():
    async with open_scene(SCENES["failed"], (80, 24)) as opened:
        keys = opened.text.splitlines()[-1]
        assert "Next failure" not in keys
        assert keys.endswith("? Help  q Leave")

        await opened.press("j")  # from the workflow to its failed run
        await opened.wait_for("! Next failure")
        keys = opened.text.splitlines()[-1]
        assert "x Cancel" not in keys
        assert keys.endswith("? Help  q Leave")
