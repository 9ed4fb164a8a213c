from tests.opened import open_scene
from tests.scenes import SCENES


async def test_beside_a_file_that_cannot_be_imported_stands_nothing_of_the_step_before():
    async with open_scene(SCENES["broken"], (160, 45)) as opened:
        await opened.press("2", "j")
        await opened.wait_for("What the step before")
        await opened.press("1", "G", "k")
        text = await opened.wait_for("It cannot be imported")

        assert "What the step before" not in text
