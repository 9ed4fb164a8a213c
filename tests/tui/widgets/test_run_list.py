from textual.message import Message

from tests.tui.widgets.shown import lines, shown
from tuiflow.model.status import Status
from tuiflow.tui.widgets.run_list import ListRow, RunList

ROWS = [
    ListRow("workflow:etl", "▸", Status.RUNNING, "etl.daily", "2 active", kind="workflow"),
    ListRow("run:1", "▸", Status.RUNNING, "7f3a  01:42", "5/9", indent=1),
    ListRow("run:2", "✗", Status.ERROR, "7f0c  00:44", "12:58", indent=1),
    ListRow("note:1", "", None, "… 212 more", indent=1, kind="note"),
    ListRow("broken:r.py", "!", None, "report.weekly", "broken", kind="broken"),
]


async def test_rows_have_their_sign_and_their_detail_at_the_edge():
    runs = RunList()
    async with shown(runs, (40, 10)):
        runs.show(ROWS)

        assert lines(runs)[0] == "▌▸ etl.daily                    2 active"
        assert lines(runs)[2] == "   ✗ 7f0c  00:44                   12:58"


async def test_a_failed_run_says_why_as_far_as_there_is_room():
    runs = RunList()
    row = ListRow("run:2", "✗", Status.ERROR, "7f0c", "00:44  12:58", 1, note="KeyError: 'EUR'")
    async with shown(runs, (50, 10)) as pilot:
        runs.show([row])
        assert lines(runs)[0] == "▌  ✗ 7f0c  KeyError: 'EUR'            00:44  12:58"
        await pilot.resize_terminal(34, 10)
        assert lines(runs)[0] == "▌  ✗ 7f0c  KeyError   00:44  12:58"
        await pilot.resize_terminal(30, 10)
        assert lines(runs)[0] == "▌  ✗ 7f0c  KeyE…  00:44  12:58"
        await pilot.resize_terminal(26, 10)
        assert lines(runs)[0] == "▌  ✗ 7f0c     00:44  12:58"


async def test_the_cursor_is_an_id():
    runs = RunList()
    told: list[Message] = []
    async with shown(runs, told=told) as pilot:
        runs.show(ROWS)
        await pilot.press("j", "j")
        assert runs.cursor_id == "run:2"

        new = ListRow("run:3", "▸", Status.RUNNING, "7f40")
        runs.show([ROWS[0], new, *ROWS[1:]])
        assert runs.cursor_id == "run:2"

        await pilot.press("enter")
        await pilot.pause()
        assert told[-1] == RunList.Opened("run:2")
        assert runs.move_to("broken:r.py")
        assert not runs.move_to("run:gone")


async def test_when_its_row_goes_the_cursor_stays_near():
    runs = RunList()
    async with shown(runs):
        runs.show(ROWS)
        runs.move_to("run:2")
        runs.show([ROWS[0], ROWS[1], ROWS[3], ROWS[4]])
        assert runs.cursor_id == "note:1"
        runs.show([])
        assert runs.cursor_id is None
        runs.show(ROWS)
        assert runs.cursor_id == "workflow:etl"
