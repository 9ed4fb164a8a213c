from tests.opened import open_scene
from tests.scenes import SCENES


async def test_help_lists_the_keys_of_the_focused_pane_and_why_some_do_nothing():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "2", "question_mark")
        text = await opened.wait_for("Help · keys that work here · Steps")
        assert "STEPS" in text
        await opened.type("cancel")
        text = await opened.wait_for("Not now: run 7f0c is over")

        assert "Ask whether to cancel this run" in text
        assert "Next pane" not in text
        await opened.press("escape")
        assert "Help ·" not in opened.text


async def test_the_form_has_help_of_its_own_behind_f1():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        await opened.press("s", "f1")
        text = await opened.wait_for("Help · keys that work here")
        assert "FORM" in text
        assert "Write this field in $EDITOR" in text
        await opened.press("escape")

        assert "Start a run" in await opened.wait_for("The day to load.")


async def test_a_question_explains_its_answers():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("r", "question_mark")
        text = await opened.wait_for("ANSWERS")

        assert "Do it." in text
        await opened.press("escape")
        await opened.wait_for("Run again?")


async def test_where_there_is_little_room_a_sentence_stands_beside_its_keys():
    async with open_scene(SCENES["idle"], (60, 16)) as opened:
        await opened.press("s", "f1")
        text = await opened.wait_for("^y             Copy the tuiflow command")

        assert "starts the same run." in text
