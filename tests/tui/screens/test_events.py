from tests.opened import open_scene
from tests.scenes import SCENES


async def test_all_events_open_on_the_run_that_was_watched():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E")
        text = await opened.wait_for("1 Events  16")

        assert "run:7f3a" in text
        assert "ParallelExecutionStarted" in text
        assert "StepLog" in text


async def test_the_filter_narrows_what_is_shown_as_it_is_typed():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash")
        await opened.press(*"kind:StepCompleted")
        await opened.wait_for("1 Events  2 ")
        await opened.press("enter")

        assert "StepStarted" not in opened.text


async def test_a_bad_word_is_named_and_the_results_stay():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash")
        await opened.press(*"kin:x")
        text = await opened.wait_for("did you mean kind?")

        assert "1 Events  16" in text


async def test_enter_goes_to_the_step_of_the_event():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "E")
        await opened.wait_for("StepError")
        await opened.press("slash")
        await opened.press(*"kind:StepError", "enter", "enter")
        text = await opened.wait_for("2 Steps  daily_orders#7f0c")

        assert "KeyError: 'EUR'" in text


async def test_a_step_can_be_named_and_an_unknown_one_is_said():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash")
        await opened.press(*" step:geo")
        await opened.wait_for("1 Events  2 ")
        await opened.press(*"x")

        await opened.wait_for("this run has no step 'geox'")


async def test_an_unknown_run_is_said():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash", "ctrl+u")
        await opened.press(*"run:zzzz")

        await opened.wait_for("zzzz")
