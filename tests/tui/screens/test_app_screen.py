from tests.opened import open_scene
from tests.scenes import SCENES
from tuiflow.tui.screens.home.runs import RunsScreen


async def test_an_error_in_the_work_of_a_page_is_said():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        home = opened.app.screen
        assert isinstance(home, RunsScreen)

        async def fail() -> None:
            raise ZeroDivisionError("on a page")

        home.run_worker(fail(), exit_on_error=False)

        await opened.wait_for("tuiflow's own error, the screen goes on: ZeroDivisionError")
