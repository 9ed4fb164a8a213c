from tests.opened import open_scene
from tests.scenes import SCENES


async def test_r_on_a_run_that_failed_names_what_is_reused_and_escape_leaves_it():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        before = await opened.service.list_runs()
        await opened.press("j", "R")
        text = await opened.wait_for("Resume run")

        assert "Reused and not run:" in text
        assert "let it go on" in text
        await opened.press("escape")

        assert "Resume run" not in opened.text
        after = await opened.service.list_runs()
        assert [run.status for run in after] == [run.status for run in before]


async def test_r_on_a_completed_run_shows_its_input_in_the_form_and_what_is_reused():
    async with open_scene(SCENES["done"], (120, 40)) as opened:
        await opened.press("j", "j", "2", "G", "R")
        text = await opened.wait_for("Run again  enter")

        assert "Run 7e98 again from code_report › " in text
        assert "Reused and not run:" in text
        assert "$ tuiflow rerun " in text
        assert "More:" not in text


async def test_r_on_a_run_that_goes_on_says_why_it_does_nothing():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("R")

        await opened.wait_for("R is for one that is over")
