from dataclasses import replace
from unittest import mock

from tests.opened import open_scene
from tests.scene_tapes import report_retried
from tests.scenes import NOW, RETRIED, SCENES, Scene
from tests.taping import SECOND, Tape
from tuiflow.model.events import WorkflowCrashedEvent
from tuiflow.model.ids import NodePath
from tuiflow.store import SqliteDb, open_store


async def test_x_asks_for_the_run_it_was_pressed_on_and_escape_keeps_it_running():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("x")
        text = await opened.wait_for("Cancel run 7f3a?")
        assert "if they do not within 3 s." in text
        assert "fraud_score and currency will be asked to stop" in text
        await opened.press("enter")

        assert "Cancel run" not in opened.text
        record = await opened.service.get_run(await opened.service.find_run("7f3a"))
        assert record.cancel_requested_at is None

        await opened.say("cancel 7f31")
        text = await opened.wait_for("Cancel run 7f31?")
        assert "[3] north and [3] south will be asked to stop" in text
        opened.app.theme = "ansi-light"  # whose colours no page shines through
        await opened.settle()
        assert "daily_orders" in opened.text


async def test_the_question_names_the_try_of_a_step_and_stays_true_while_it_stands_there():
    def trying() -> Tape:
        tape = report_retried()
        del tape.events[-3:]  # from where the third try gives something
        return tape

    async with open_scene(Scene(runs=(replace(RETRIED, tape=trying),)), (120, 40)) as opened:
        await opened.say("cancel 7e91")
        text = await opened.wait_for("count_lines (try 3/3) will be asked to stop")
        assert "R goes on from there" in text
        assert "running 1:30:00" in text

        with mock.patch.object(opened.service, "now", return_value=NOW + 5 * SECOND):
            await opened.wait_for("running 1:30:05")


async def test_y_cancels_the_run_and_the_row_says_that_it_stops():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("x", "y")
        await opened.wait_for("was asked to stop")

        record = await opened.service.get_run(await opened.service.find_run("7f3a"))
        assert record.cancel_requested_at is not None
        assert "stopping" in await opened.wait_for("stopping")


async def test_pressing_the_killing_key_twice_kills_nothing():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("X", "X")
        text = await opened.wait_for("Kill run 7f3a?")
        assert "will be ended at once" in " ".join(text.split())
        await opened.press("escape")

        record = await opened.service.get_run(await opened.service.find_run("7f3a"))
        assert not record.status.is_final


async def test_r_on_a_run_that_goes_on_asks_and_anything_but_y_leaves_it():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("r")
        assert "Run 7f3a is still going on." in await opened.wait_for("Run again?")
        await opened.press("enter")

        assert "Run again?" not in opened.text
        assert len(await opened.service.list_runs()) == 4


async def test_y_copies_the_pane_and_says_where_it_is_kept():
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j")
        await opened.wait_for("KeyError: 'EUR'")
        await opened.press("5", "y")
        await opened.wait_for("and to .tuiflow/copied.txt")

        assert "KeyError: 'EUR'" in (opened.service.database.parent / "copied.txt").read_text()
        assert "KeyError: 'EUR'" in opened.app.clipboard


async def test_a_question_closes_by_itself_when_its_run_has_ended():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("x")
        await opened.wait_for("Cancel run 7f3a?")
        run_id = await opened.service.find_run("7f3a")
        event = WorkflowCrashedEvent(node_path=NodePath("daily_orders"), reason="gone")
        async with open_store(SqliteDb(opened.service.database)) as store:
            assert await store.end_run(run_id, event)

        await opened.wait_for("has ended meanwhile")
        assert "Cancel run 7f3a?" not in opened.text
