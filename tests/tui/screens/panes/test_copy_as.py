import json
from dataclasses import replace

from anyio import fail_after

from tests.opened import Opened, open_scene
from tests.scene_tapes import ORDERS, daily_running
from tests.scenes import FAILED, RUNNING, SCENES, Scene
from tests.taping import Tape
from tests.waiting import PATIENCE


async def copied(opened: Opened, *keys: str) -> str:
    file = opened.service.database.parent / "copied.txt"
    file.unlink(missing_ok=True)
    await opened.press(*keys)
    with fail_after(PATIENCE):
        while not file.exists():
            await opened.settle()
    await opened.wait_for("copied ")
    return file.read_text()


async def test_a_value_is_copied_whole_as_text_as_json_and_as_the_command_that_begins_there():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("2", "j", "o")
        await opened.wait_for('"id": 10231')

        assert json.loads(await copied(opened, "Y", "1")) == ORDERS
        assert json.loads(await copied(opened, "Y", "2")) == ORDERS
        assert await copied(opened, "Y", "3") == "tuiflow rerun 7f3a --from=fetch_orders"
        command = await copied(opened, "k", "Y", "3")
        assert command.startswith("tuiflow run daily_orders day=2026-08-23")


async def test_a_log_is_copied_with_what_the_pane_has_not_read_and_as_events():
    def long_log() -> Tape:
        tape = daily_running()
        for number in range(6_000):
            tape.say("fetch_orders", 4.0, f"line {number}")
        return tape

    async with open_scene(Scene(runs=(replace(RUNNING, tape=long_log),)), (120, 40)) as opened:
        await opened.press("2", "j", "L")
        await opened.wait_for("line 5999")

        text = await copied(opened, "Y", "1")
        assert "GET orders 2026-08-23 page 1" in text
        assert text.count("\n") == 6_003
        first = json.loads((await copied(opened, "Y", "2")).splitlines()[0])
        assert first["text"] == "GET orders 2026-08-23 page 1"


async def test_an_error_is_copied_as_data_and_escape_copies_nothing():
    async with open_scene(Scene(runs=(FAILED,)), (120, 40)) as opened:
        await opened.press("j", "2")
        await opened.wait_for("KeyError: 'EUR'")

        assert json.loads(await copied(opened, "Y", "2"))["type"] == "KeyError"
        (opened.service.database.parent / "copied.txt").unlink()
        await opened.press("Y", "escape", "2")
        assert not (opened.service.database.parent / "copied.txt").exists()
