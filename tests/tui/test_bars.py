from tests.opened import open_scene
from tests.scenes import SCENES
from tuiflow.tui.bars import KeysLine


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


async def test_in_a_terminals_own_colours_a_key_that_does_nothing_is_dim():
    async with open_scene(SCENES["failed"], (120, 24)) as opened:
        opened.app.theme = "ansi-dark"
        await opened.settle()
        line = opened.app.screen.query_one(KeysLine).render()

        dim = [line.plain[span.start : span.end] for span in line.spans if span.style == "dim"]
        assert "x Cancel" in dim
        assert not any("Start" in words for words in dim)
