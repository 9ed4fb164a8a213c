from dataclasses import replace
from functools import partial

import pytest

from tests.opened import open_scene
from tests.scene_tapes import daily_running
from tests.scenes import DONE, FAILED, RUNNING, SCENES, Scene
from tests.taping import Tape, stored
from tuiflow.model import events as ev
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.tui.screens.home.runs import RunsScreen
from tuiflow.tui.widgets.run_list import RunList


async def test_home_shows_workflows_runs_and_the_steps_of_the_newest_running_one():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        text = await opened.wait_for("fraud_score")

        assert "daily_orders#7f3a  ▸ running 01:02" in text
        assert "▸ 2 running" in text
        assert "✗ 1 failed" in text
        assert "4 815 orders" in text  # the log of the whole run


async def test_three_sizes_show_the_same_run_in_three_ways():
    async with open_scene(SCENES["running"], (160, 45)) as wide:
        text = await wide.wait_for("3 Input")
        assert "4 Previous" in text
        assert "1 Workflows and runs" in text
    async with open_scene(SCENES["running"], (80, 24)) as narrow:
        assert "2 Steps" not in narrow.text
        await narrow.press("enter")
        text = await narrow.wait_for("2 Steps")
        assert "1 Workflows and runs" not in text
        await narrow.press("escape")
        assert "1 Workflows and runs" in await narrow.wait_for("1 Workflows")


async def test_too_small_a_terminal_says_so_and_nothing_else():
    async with open_scene(SCENES["idle"], (52, 14)) as opened:
        assert opened.text.split() == ["tuiflow", "needs", "60x16,", "this", "is", "52x14"]


async def test_the_failed_step_is_shown_with_its_error_and_source():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j")
        text = await opened.wait_for("KeyError: 'EUR'")

        assert "▾a Error" in text
        assert 'rate = table[order["ccy"]]' in text


async def test_previous_and_output_follow_the_cursor_of_the_tree():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("2", "j", "j", "j", "p")
        text = await opened.wait_for('"id": 10231')
        assert "✓ fetch_orders" in text
        assert "flows into: geo, fraud_score, currency" in text
        await opened.press("o")
        assert '"NL": 2110' in await opened.wait_for('"NL": 2110')


async def test_an_idle_workflow_shows_what_it_does_its_shape_and_how_to_start_it():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        text = await opened.wait_for("Loads one day of orders")

        assert "opens the form; it needs day" in text
        assert "◌ loop each region" in text
        assert "not started" in text


async def test_a_broken_file_shows_where_and_why_beside_the_rest():
    async with open_scene(SCENES["broken"], (120, 40)) as opened:
        await opened.press("G", "k")
        text = await opened.wait_for("It cannot be imported")

        assert "SyntaxError" in text
        assert "def weekly(:" in text
        assert "code_report" in text


async def test_an_empty_folder_says_how_to_begin_and_n_writes_a_first_workflow_and_opens_it(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("EDITOR", "vi")
    async with open_scene(SCENES["empty"], (100, 30)) as opened:
        await opened.wait_for("No workflows here yet.")
        await opened.press("n")
        await opened.wait_for("wrote workflows/hello.py")
        said = [notice.text for notice in opened.app.notices]
        assert "another program cannot take over this terminal" in said[-2]  # it was to be lent

        assert (opened.service.folder / "hello.py").exists()


async def test_a_key_that_does_nothing_here_says_why():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "x")

        assert "is over (error); r runs it again" in opened.text


async def test_a_stopping_run_counts_down():
    async with open_scene(SCENES["stopping"], (120, 40)) as opened:
        assert "kill in 1 s" in await opened.wait_for("kill in")


async def test_the_cursor_stays_on_its_run_when_a_newer_one_comes():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("j")
        await opened.wait_for("daily_orders#7f0c")
        before = opened.app.screen.query_one("#runs").cursor_id  # type: ignore[attr-defined]
        await opened.press("ctrl+r")

        assert opened.app.screen.query_one("#runs").cursor_id == before  # type: ignore[attr-defined]


async def test_z_lets_a_pane_fill_the_screen_and_escape_brings_the_rest_back():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("2", "z")
        text = await opened.wait_for("2 Steps")
        assert "1 Workflows and runs" not in text
        assert "5 " not in text.splitlines()[-4]
        await opened.press("escape")

        assert "1 Workflows and runs" in opened.text


async def test_hostile_names_are_shown_and_not_obeyed():
    hostile = replace(RUNNING, tail="b0b0")
    async with open_scene(Scene(runs=(hostile,)), (120, 40)) as opened:
        opened.app.notices.add(1, "[@click=app.quit]x[/] \x1b]52;c;aGk=\x07 [/b]")
        await opened.settle()

        assert "[@click=app.quit]x[/]" in opened.text
        assert "\x1b" not in opened.text


async def test_a_step_that_is_over_and_said_nothing_is_not_waited_for():
    async with open_scene(SCENES["done"], (120, 40)) as opened:
        await opened.press("j", "2", "j", "L")
        assert "What it logs will stand here." in await opened.wait_for("Not started.")
        await opened.press("1", "j", "2", "j", "j", "L")

        assert "yet" not in await opened.wait_for("It logged nothing.")


async def test_a_refused_wish_is_a_line_and_the_screen_stays():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        (opened.service.folder / "daily.py").unlink()
        await opened.service.refresh()
        await opened.press("j", "r")
        text = await opened.wait_for("! 16:02:11 no workflow 'daily_orders'")

        assert opened.app.is_running
        assert "1 Workflows and runs" in text


async def test_a_second_refusal_of_the_same_wish_has_its_own_time():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        now = opened.service.now()
        opened.app.notices.add(now, "no such thing", "error")
        opened.app.notices.add(now + 61_000_000, "no such thing", "error")
        await opened.settle()

        assert "! 16:03:12 no such thing" in await opened.wait_for("no such thing")
        assert len(opened.app.notices) == 1


async def test_a_run_that_was_gone_to_can_be_started_anew():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        screen = opened.app.screen
        assert isinstance(screen, RunsScreen)
        screen.go_to_run(await opened.service.find_run("7f0c"))
        await opened.settle()
        await opened.press("s")

        assert "Start a run" in opened.text


async def test_a_terminal_that_was_too_small_for_a_while_keeps_the_focus():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        before = opened.app.screen.focused
        await opened.pilot.resize_terminal(50, 10)
        await opened.settle()
        await opened.pilot.resize_terminal(120, 40)
        await opened.settle()

        assert before is not None
        assert opened.app.screen.focused is before


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_list_longer_than_the_screen_is_not_cut_by_its_scrollbar(size: tuple[int, int]):
    runs = tuple(replace(DONE, tail=f"{number:04}") for number in range(3))
    async with open_scene(Scene(runs=(*runs, FAILED, RUNNING)), size) as opened:
        await opened.pilot.resize_terminal(size[0], 18)
        await opened.settle()
        assert opened.app.screen.query_one("#runs").show_vertical_scrollbar

        rows = [line for line in opened.text.splitlines() if "daily_orders  " in line]
        assert "active" in rows[0]


async def test_the_cursor_waits_on_the_first_row_until_every_file_was_looked_at():
    async with open_scene(SCENES["idle"], (120, 40), watch=True) as opened:
        await opened.settle()
        rows = opened.app.screen.query_one(RunList)

        assert rows.cursor_row == 0


async def test_what_has_not_run_yet_says_so_in_every_pane():
    async with open_scene(SCENES["running"], (160, 45)) as opened:
        await opened.press("2", "G")
        await opened.wait_for("Its input stands here")
        await opened.wait_for("What the step before it")
        await opened.wait_for("will stand here.")


async def test_above_a_failure_the_failed_steps_below_are_named():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "2", "g", "j", "j", "a")
        text = await opened.wait_for("daily_orders#7f0c")

        assert "KeyError" in text


async def test_a_broken_save_keeps_the_workflow_and_says_what_still_starts():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        (opened.service.folder / "daily.py").write_text("from tuiflow import Step\ndef weekly(:\n")
        await opened.service.refresh()
        text = await opened.wait_for("Its file is broken now; s starts the last good revision.")

        assert "daily.py:2 SyntaxError" in text
        assert "rev a1c9 still starts" in text


def streaming(*, done: bool) -> Tape:
    tape = daily_running()
    for attempt, text in ((1, "of another try"), (2, "forty-one "), (2, "orders\n")):
        tape.add(ev.StepContentEvent, "enrich/currency", 61, text=text, attempt=attempt)
    if done:
        gave = stored("all of them")
        tape.add(ev.StepCompletedEvent, "enrich/currency", 61.5, content=gave)
    return tape


@pytest.mark.parametrize("done", [False, True])
async def test_the_text_of_a_running_step_is_its_output_until_it_is_done(done: bool):
    run = replace(RUNNING, tape=partial(streaming, done=done))
    async with open_scene(Scene(runs=(run,)), (120, 40)) as opened:
        await opened.wait_for("currency")
        await opened.press("2", "g", *"jjjjj", "o")
        text = await opened.wait_for("all of them" if done else "forty-one orders")
        assert ("forty-one" in text) is not done
        assert "another try" not in text


def with_media() -> Tape:
    tape = Tape("daily_orders")
    given = StoredMedium(kind="image", id="1", name="\x1b]0;x\x07cat.png", digest="d", size=24_000)
    made = StoredMedium(kind="audio", id="2", url="https://sounds.example/a.wav")
    tape.add(ev.WorkflowStartedEvent, "", 0, media=(given,))
    tape.step("fetch_orders", 1, 2, media=(made,), content=stored("drawn"))
    tape.step("archive", 3, 4, content=stored("seen"))
    return tape


async def test_media_stand_in_the_input_and_output_panes_a_line_each():
    run = replace(RUNNING, tape=with_media)
    async with open_scene(Scene(runs=(run,)), (120, 40)) as opened:
        await opened.press("2", "g", "j", "o")
        await opened.wait_for("audio · a reference · a.wav")
        assert "drawn" in opened.text
        await opened.press("i")
        text = await opened.wait_for("image · 24 KB · ")
        assert "a.wav" not in text
        await opened.press("G", "i")
        text = await opened.wait_for("audio · a reference · a.wav")
        assert "image · 24 KB · " in text
        assert "\x1b]0" not in text


async def test_a_step_that_its_process_took_with_it_says_so():
    async with open_scene(SCENES["crashed"], (120, 40)) as opened:
        await opened.press("j")

        await opened.wait_for("The process ended while this ran: its worker was killed (signal 9)")


async def test_enter_zooms_into_a_loop_and_escape_steps_out_of_it_first():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("j", "j", "j", "j", "j", "2", "g", "j", "enter")
        text = await opened.wait_for("2 Steps  estimate_pi › refine")
        assert "sub" not in text
        await opened.press("escape")
        assert "estimate_pi › refine" not in opened.text
        assert opened.app.screen.focused.id == "steps"  # type: ignore[union-attr]
