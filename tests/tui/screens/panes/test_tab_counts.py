from pathlib import Path

import pytest

from tests.opened import open_scene
from tests.scenes import SCENES
from tests.store.making import FLOW, STEP
from tests.tui.screens.panes.test_node_feed import QUIET, Said, said
from tuiflow.model.ids import NodePath
from tuiflow.tui.screens.panes import tab_counts
from tuiflow.tui.screens.panes.tab_counts import TabCounts
from tuiflow.tui.screens.panes.tabs import Tab
from tuiflow.tui.spot import Spot


async def counted(run: Said, counts: TabCounts, path: NodePath) -> tuple[int, ...]:
    assert run.watch.run_id is not None
    run.watch.record = await run.service.get_run(run.watch.run_id)
    found = await counts.read(run.watch, Spot(path))
    return tuple(found[tab] for tab in (Tab.LOGS, Tab.EVENTS) if tab in found)


async def test_what_comes_is_added_to_what_was_counted(tmp_path: Path):
    async with said(tmp_path) as run:
        counts = TabCounts(run.service)
        run.say(3)
        assert await counted(run, counts, STEP) == (3, 3)
        run.say(4)
        assert await counted(run, counts, STEP) == (7, 7)
        assert await counted(run, counts, QUIET) == (0, 0)

        assert await counted(run, counts, FLOW) == (7, 8)


async def test_a_long_run_is_not_looked_through_for_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tab_counts, "MOST", 5)
    monkeypatch.setattr(tab_counts, "MOST_NEW", 2)
    async with said(tmp_path) as run:
        counts = TabCounts(run.service)
        run.say(3)
        assert await counted(run, counts, STEP) == (3, 3)
        run.say(3)
        assert await counted(run, counts, STEP) == ()

        assert await counted(run, counts, FLOW) == ()


async def test_the_labels_count_what_stands_behind_them_where_there_is_room():
    async with open_scene(SCENES["running"], (80, 24)) as opened:
        await opened.press("enter", "j", "j", "j", "j")
        await opened.wait_for("L Logs 2  e Events 5")
        await opened.pilot.resize_terminal(62, 24)

        await opened.wait_for("i In  p Prev  o Out")
