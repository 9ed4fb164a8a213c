from tests.opened import open_scene
from tests.scenes import SCENES


async def test_s_opens_a_form_with_a_field_for_each_thing_asked_for():
    async with open_scene(SCENES["idle"], (100, 40)) as opened:
        await opened.press("s")
        text = await opened.wait_for("Start a run")

        assert "day *" in text
        assert "eu-west, us-east" in text
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
        await opened.wait_for("More: images, videos, audio, files")
        await opened.press("tab", "enter")
        await opened.wait_for("paths or URLs")
        await opened.press("tab", *"/none.png", "enter")
        text = await opened.wait_for("✗ Image /none.png: there is no such file")

        assert "Start a run" in text
        assert await opened.service.list_runs() == []
