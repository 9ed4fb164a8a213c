from pathlib import Path

from tests.opened import Opened, open_scene
from tests.scenes import SCENES
from tests.service.test_reusing import Pay
from tuiflow.model.ids import short_id
from tuiflow.model.status import Status
from tuiflow.service import open_service
from tuiflow.tui.app import TuiflowApp
from tuiflow.tui.screens.home.runs import RunsScreen


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


async def test_the_question_names_the_steps_whose_code_has_changed_before_it_takes_a_yes(
    tmp_path: Path,
):
    pay = Pay(tmp_path)
    async with open_service(target=tmp_path / "workflows", watch=False) as service:
        await service.refresh()
        run_id = await service.start("pay")
        await pay.end(service, run_id)
        pay.edit("FACTOR = 2", "FACTOR = 3")
        (tmp_path / "may go on").touch()
        await service.refresh()
        app = TuiflowApp(RunsScreen(service))
        async with app.run_test(size=(120, 40)) as pilot:
            opened = Opened(app, pilot, service)
            await opened.wait_for(f"✗ {short_id(run_id)}")
            await opened.press("j")
            await opened.wait_for(f"pay#{short_id(run_id)}")
            await opened.press("R")
            text = await opened.wait_for("Files that read differently since: workflows/pay.py.")

            assert "Changed since it ran, and reused all the same: fetch." in text
            await opened.press("y")
            assert await pay.end(service, run_id) is Status.COMPLETED


ADD = """
from pydantic import BaseModel, field_validator, model_validator

from tuiflow import StepInput, Workflow


class Sum(BaseModel):
    first: int
    second: int = 2

    @field_validator("second")
    @classmethod
    def is_odd_or_two(cls, value: int) -> int:
        if value % 2 == 0 and value != 2:
            raise ValueError("odd numbers only")
        return value

    @model_validator(mode="after")
    def differ(self):
        if self.first == self.second:
            raise ValueError("the two are one")
        return self


def fetch(step_input: StepInput) -> int:
    return step_input.input.first


def add(step_input: StepInput) -> int:
    return step_input.previous_step_content * 100 + step_input.input.second


workflow = Workflow(name="add up", input_schema=Sum, steps=[fetch, add])
"""


async def test_a_completed_run_begins_again_with_its_input_edited_and_checked_by_the_authors_model(
    tmp_path: Path,
):
    (tmp_path / "pyproject.toml").touch()
    file = tmp_path / "workflows" / "adding.py"
    file.parent.mkdir()
    file.write_text(ADD)
    async with open_service(target=file.parent, watch=False) as service:
        await service.refresh()
        run_id = await service.start("add up", input={"first": 1})
        async for _ in service.follow(run_id):
            pass
        file.write_text(ADD + "\n")
        await service.refresh()  # imports it anew, in a process that then stands by
        app = TuiflowApp(RunsScreen(service))
        async with app.run_test(size=(120, 40)) as pilot:
            opened = Opened(app, pilot, service)
            await opened.wait_for(f"✓ {short_id(run_id)}")
            await opened.press("j", "2")
            await opened.wait_for("✓ add")
            await opened.press("G", "R")
            text = await opened.wait_for(f"Run {short_id(run_id)} again from add up › add")
            assert "Reused and not run: fetch." in text

            await opened.press("tab", "end", "backspace", "8")
            await opened.wait_for("odd numbers only")
            await opened.press("backspace", "1")
            await opened.wait_for("✗ the two are one")
            await opened.press("backspace", "7")
            await opened.wait_for(f"As run {short_id(run_id)}, but  second 2 → 7")
            await opened.press("enter")
            await opened.wait_for("= fetch")
        (new, _) = await service.list_runs()
        async for _ in service.follow(new.run_id):
            pass
        content = (await service.get_run(new.run_id)).content
        assert content is not None
        assert content.value == 107
