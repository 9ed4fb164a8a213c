"""What is said after a colon, in the real app over real files."""

import json
from pathlib import Path

import anyio

from tests.opened import open_scene
from tests.scenes import SCENES
from tests.waiting import until


async def test_a_colon_offers_every_command_and_tab_completes_one():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("colon")
        assert "Write the events that match as JSON lines." in opened.text
        await opened.type("noti")
        await opened.press("tab", "enter")

        await opened.wait_for("Notices")


async def test_behind_a_workflow_its_own_fields_and_choices_are_offered():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("colon")
        await opened.type("run dai")
        await opened.press("tab")
        await opened.type(" mo")
        text = await opened.wait_for("run daily_orders mode=full")
        assert "dry_run=" not in text

        await opened.press("tab")
        await opened.type(" ")
        text = await opened.wait_for("run daily_orders mode=full dry_run=")
        assert "mode=full mode" not in text


async def test_a_filter_is_completed_in_the_command_too():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("colon")
        await opened.type("events run:last -kind:StepLog kind:StepR")
        await opened.wait_for("events run:last -kind:StepLog kind:StepRetrying")
        await opened.press("tab", "enter")

        await opened.wait_for("No event matches")


async def test_a_command_nobody_knows_stays_with_the_nearest_one():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.say("evnts")
        assert "did you mean events?" in opened.text
        await opened.press("escape")

        assert "did you mean" not in opened.text


async def test_ctrl_p_finds_a_command_by_what_it_does():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("ctrl+p", *"browse", "enter")

        await opened.wait_for("1 Events")


async def test_what_follows_a_command_chosen_from_the_list_is_still_typed():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("ctrl+p", *"show", "enter", *"7f0c", "enter")

        await opened.wait_for("2 Steps  daily_orders#7f0c")


async def test_runs_are_offered_by_the_end_of_their_ids():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("colon", *"show", "space", *"7f0")
        assert "show 7f0c" in opened.text
        await opened.press("tab", "enter")

        await opened.wait_for("2 Steps  daily_orders#7f0c")


async def test_cancel_asks_for_the_run_that_is_named():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.say("cancel 7f31")

        await opened.wait_for("Cancel run 7f31?")


async def test_cancelling_what_is_over_is_said_in_a_line():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.say("cancel 7f0c")

        await opened.wait_for("run 7f0c is over (error)")


async def test_a_workflow_that_is_not_there_is_said_in_a_line():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        await opened.say("run nothing")

        await opened.wait_for("nothing")
        assert opened.app.notices.latest is not None
        assert "'nothing'" in opened.app.notices.latest.text


async def test_run_checks_what_the_workflow_asks_for():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        await opened.say("run daily_orders dya=2026-08-23")

        await opened.wait_for("the input has no field 'dya'")


async def test_events_take_a_filter():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.say("events kind:StepError")

        await opened.wait_for("1 Events  1 ")


async def test_what_matches_is_exported_as_json_lines(tmp_path: Path):
    file = tmp_path / "out.jsonl"
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.say("events run:7f3a")
        await opened.wait_for("1 Events  16")
        await opened.say(f"export {file}")
        await opened.wait_for("wrote 16 events")
        await opened.say(f"export {file}")
        await opened.wait_for("cannot be written")

    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(lines) == 16
    assert lines[0]["kind"] == "WorkflowStarted"


async def test_exporting_without_the_event_browser_says_what_opens_it():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.say("export x")

        await opened.wait_for("that is for the event browser")


async def test_all_is_a_word_of_the_filter():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.say("events run:7f3a")
        await opened.say("all")
        await opened.wait_for("run:7f3a :all")
        await opened.say("all")

        await until(lambda: ":all" not in opened.text)


async def test_runs_leads_back_from_any_page():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.say("events")
        await opened.wait_for("1 Events")
        await opened.say("runs")

        await opened.wait_for("1 Workflows")


async def test_a_theme_is_chosen_by_name_and_an_unknown_one_is_said():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        for name in ("ansi-light", "ansi-dark", "tuiflow-light"):
            await opened.say(f"theme {name}")
            assert opened.app.theme == name
        await opened.say("theme")
        assert opened.app.theme == "tuiflow-dark"
        await opened.say("theme pink")

        await opened.wait_for("there is no theme 'pink'")


async def test_a_colon_is_text_where_text_is_typed():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("E", "slash", *"kind:StepError")

        await opened.wait_for("kind:StepError")


async def test_notices_show_what_was_said_before():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        opened.app.say("the first")
        opened.app.say("the second")
        await opened.say("notices")
        text = await opened.wait_for("the first")
        await opened.press("escape")

        assert "the second" in text
        assert "the first" not in opened.text


async def test_m_leaves_the_mouse_to_the_terminal_and_takes_it_back():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        written: list[str] = []
        opened.app._driver.write = written.append  # type: ignore[method-assign,union-attr]
        await opened.press("M")
        assert "the terminal has the mouse" in opened.app.notices.latest.text  # type: ignore[union-attr]
        assert "\x1b[?1003l" in written
        await opened.press("f10")

        assert "\x1b[?1003h" in written


async def test_demo_leaves_for_the_samples():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        await opened.press("colon", *"demo")
        await opened.pilot.press("enter")
        await until(lambda: opened.app.next_target is not None)

        assert await anyio.Path(str(opened.app.next_target)).is_dir()


async def test_delete_asks_and_y_takes_the_run_away():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.wait_for("7f0c")
        await opened.say("delete 7f0c")
        await opened.wait_for("will be gone for good")
        await opened.press("y")
        await opened.wait_for("deleted run 7f0c")
        remaining = await opened.service.list_runs()

        assert "7f0c" not in {run.run_id[-4:] for run in remaining}
        assert len(remaining) == 1


async def test_a_run_that_goes_on_is_not_deleted():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.say("delete 7f3a")
        await opened.wait_for("will be gone for good")
        await opened.press("y")

        await until(lambda: opened.app.notices.latest is not None)
        assert len(await opened.service.list_runs()) == 4


async def test_q_leaves():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        await opened.press("colon", "q")
        await opened.pilot.press("enter")

        await until(lambda: not opened.app.is_running)
