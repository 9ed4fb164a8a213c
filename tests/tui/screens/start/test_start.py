import json
from dataclasses import replace

import anyio
from textual.events import Key, Paste

from tests.opened import open_scene
from tests.scenes import SCENES
from tuiflow.model.ids import RunId
from tuiflow.service import RunInput
from tuiflow.tui.screens.start.choices import Choices
from tuiflow.tui.screens.start.start import StartScreen
from tuiflow.tui.screens.start.start_wish import new_run
from tuiflow.tui.widgets.text_box import TextBox

NEWER = """
from pydantic import BaseModel

from tuiflow import Workflow


class OneDay(BaseModel):
    town: str = "Gent"
    day: str


workflow = Workflow(name="daily_orders", steps=[lambda step_input: 1], input_schema=OneDay)
"""


async def test_s_opens_a_form_with_a_field_for_each_thing_asked_for():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("s")
        text = await opened.wait_for("Start a run")

        assert "day *" in text
        assert "1  eu-west" in text
        assert "2  us-east" in text
        assert "[ ] no" in text
        assert "The day to load." in text


async def test_what_does_not_fit_is_said_under_the_field_while_typing():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("s", "2", "0")
        await opened.wait_for("expected YYYY-MM-DD")


async def test_a_required_field_left_empty_keeps_the_form_open():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("s", "ctrl+j")
        text = await opened.wait_for("needed: date")

        assert "Start a run" in text
        assert await opened.service.list_runs() == []


async def test_escape_closes_the_form_and_nothing_starts():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("s")
        await opened.wait_for("Start a run")
        await opened.press("escape")

        assert "Start a run" not in opened.text
        assert await opened.service.list_runs() == []


async def test_a_start_that_is_refused_is_said_in_the_form():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("j", "s")
        await opened.wait_for("text or JSON")
        await opened.press("enter")  # the file of the scene offers no workflow
        text = await opened.wait_for("✗")

        assert "Start a run" in text


async def test_more_takes_media_by_path_or_url_and_says_what_is_missing():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("j", "s")
        await opened.wait_for("More: data, images, videos, audio, files")
        await opened.press("tab", "enter")
        await opened.wait_for("one more path or URL")
        await opened.press("tab", "tab", *"/none.png", "enter")
        text = await opened.wait_for("✗ Image /none.png: there is no such file")

        assert "Start a run" in text
        assert await opened.service.list_runs() == []


async def test_a_long_start_says_so_takes_no_second_enter_and_keeps_keys_for_the_page():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        started, go_on = 0, anyio.Event()

        async def slow_start(_: RunInput) -> RunId:
            nonlocal started
            started += 1
            await go_on.wait()
            return RunId("none")

        entry = opened.service.find_workflow("code_report")
        form = StartScreen(replace(new_run(opened.service, entry, None), start=slow_start))
        await opened.app.push_screen(form)
        await opened.wait_for("Start a run")
        form.action_start()
        form.action_start()
        await opened.pilot.press("question_mark")
        assert opened.app.screen is form
        await opened.wait_for("… starting: a process imports its code")
        go_on.set()

        await opened.wait_for("keys that work here")
        assert started == 1


async def test_escape_and_the_next_key_in_one_write_close_the_form_and_reach_the_page():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("s")
        await opened.wait_for("Start a run")
        opened.app.post_message(Key("alt+question_mark", "?"))

        text = await opened.wait_for("keys that work here")
        assert "Start a run" not in text


async def test_keys_typed_with_the_one_that_opens_the_form_stand_in_its_first_field():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        for key in "s209":
            opened.app.post_message(Key(key, key))

        await opened.wait_for("209")
        await opened.wait_for("expected YYYY-MM-DD")


async def test_enter_and_escape_belong_to_a_list_of_choices_while_it_is_open():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("s", *["tab"] * 4, "space")
        choices = opened.app.screen.query_one(Choices)
        assert choices.expanded

        await opened.press("escape")
        assert not choices.expanded
        assert "Start a run" in opened.text

        await opened.press("space", "down", "enter")
        assert not choices.expanded
        assert "Start a run" in opened.text

        await opened.press("enter")  # from there as from anywhere
        await opened.wait_for("✗")  # the file of the scene offers no workflow


async def test_the_form_begins_with_what_the_chosen_run_was_given_and_says_what_differs():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "s")
        text = await opened.wait_for("The same input as run 7f0c.")
        assert "(∙) run 7f0c   ( ) defaults   ( ) JSON" in text

        await opened.press("end", "backspace", "4")
        text = await opened.wait_for("As run 7f0c, but  day 2026-08-22 → 2026-08-24")
        assert "$ tuiflow run daily_orders day=2026-08-24 'region=eu-west, us-east'" in text


async def test_another_source_puts_its_values_into_the_form_and_json_has_all_of_them():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "s", "shift+tab", "right", "right")
        text = await opened.wait_for('"limit": 5000')
        assert '"day"' not in text

        await opened.press("left", "left")
        text = await opened.wait_for("The same input as run 7f0c.")
        assert "2026-08-22" in text


async def test_escape_asks_before_it_throws_away_what_was_typed():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("s", "2", "escape")
        await opened.wait_for("Close the form?")
        await opened.press("escape")
        assert "Start a run" in await opened.wait_for("expected YYYY-MM-DD")

        await opened.press("backspace", "escape")
        assert "Start a run" not in opened.text


async def test_ctrl_y_copies_the_command_of_what_stands_in_the_form():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("j", "s", *"tea", "space", *"it's", "ctrl+y")
        await opened.wait_for("copied 1 line to the terminal's clipboard, and to .tuiflow/copied")

        copied = (opened.service.database.parent / "copied.txt").read_text()
        assert copied == """tuiflow run code_report 'tea it'"'"'s'"""


async def test_a_megabyte_is_pasted_held_whole_and_shown_by_its_size():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("j", "s")
        await opened.wait_for("text or JSON")
        text = "a line of it\n" * 80_000 + "end"
        opened.app.post_message(Paste(text))
        await opened.wait_for("in 80,001 lines; backspace empties it")

        await opened.press("ctrl+y")
        await opened.wait_for("copied 3 lines")
        copied = (opened.service.database.parent / "copied.txt").read_text()
        assert copied == f"tuiflow run code_report --input=- <<'END'\n{json.dumps(text)}\nEND"

        await opened.press("backspace")
        assert "80,001" not in opened.text


async def test_a_text_has_several_lines_and_enter_still_starts_it():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("j", "s", *"one", "ctrl+o", *"two", "ctrl+y")
        await opened.wait_for("copied 2 lines")

        copied = (opened.service.database.parent / "copied.txt").read_text()
        assert copied == "tuiflow run code_report 'one\ntwo'"


async def test_what_was_typed_in_a_text_can_be_deleted():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("j", "s", *"tea", "backspace", "left", "delete", *"wo", "ctrl+y")
        await opened.wait_for("$ tuiflow run code_report two")

        await opened.press("end", "ctrl+u")
        await opened.wait_for("$ tuiflow run code_report  ")


async def test_what_is_pasted_reaches_no_terminal_as_an_escape():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("j", "s")
        await opened.wait_for("text or JSON")
        opened.app.post_message(Paste("a\x1b]52;c;eA==\x07b\u202ec"))
        text = await opened.wait_for("a�]52;c;eA==b�c")

        assert "\x1b" not in text


async def test_keys_in_one_breath_with_enter_are_in_what_is_started():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("s")
        await opened.wait_for("Start a run")

        for key, character in (("2", "2"), ("x", "x"), ("enter", "\r")):
            opened.app.post_message(Key(key, character))

        await opened.wait_for("expected YYYY-MM-DD")
        assert "2x" in opened.text
        assert await opened.service.list_runs() == []


async def test_what_is_saved_while_the_form_is_open_gives_it_its_fields_and_typing_goes_on():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("s", *"20")
        assert "input: DailyInput   rev a1c9" in opened.text
        (opened.service.folder / "daily.py").write_text(NEWER)
        await opened.service.refresh()
        text = await opened.wait_for(", with other fields")
        assert "input: OneDay" in text
        assert "dry_run" not in text

        await opened.press("7", "ctrl+y")
        await opened.wait_for("copied 1 line")
        copied = (opened.service.database.parent / "copied.txt").read_text()
        assert copied.startswith("tuiflow run daily_orders town=Gent day=207")


async def test_what_was_chosen_in_a_text_that_is_left_is_chosen_no_more():
    async with open_scene(SCENES["done"], (100, 40)) as opened:
        await opened.press("j", "s", *"tea", "shift+home")
        box = opened.app.screen.query_one(TextBox)
        assert box.selected_text == "tea"
        await opened.press("tab")

        assert box.selected_text == ""
