"""What is shown of one run while it is read."""

import re
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from tests.opened import open_scene
from tests.scenes import NOW, SCENES, write_scene
from tests.taping import SECOND
from tuiflow.catalog import Notice
from tuiflow.model.ids import Revision
from tuiflow.model.status import Status
from tuiflow.service import Service, open_service
from tuiflow.store import paging
from tuiflow.tui.screens import watch
from tuiflow.tui.screens.home.headline import steps_title
from tuiflow.tui.screens.watch import Watch


async def test_list_tree_and_title_count_the_same_seconds():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press("2")
        for late in range(0, 2 * SECOND, 130_001):
            with mock.patch.object(opened.service, "now", return_value=NOW + late):
                await opened.settle()
                rows = opened.text.splitlines()
            told = {
                next(word for word in row.split() if re.fullmatch(r"\d\d:\d\d", word))
                for row in (rows[1].partition("2 Steps")[2], *list_and_root(rows))
            }
            assert len(told) == 1, (late, told)


def list_and_root(rows: list[str]) -> tuple[str, str]:
    listed = next(row for row in rows if "7f3a" in row.partition("┃")[0].partition("┏")[0])
    root = next(row for row in rows if "daily_orders" in row.partition("┃")[2])
    return listed.partition("┃")[0], root.partition("┃")[2]


async def test_a_run_whose_process_gives_no_sign_is_said_to_be_stalled():
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        later = NOW + 9 * SECOND
        with mock.patch.object(opened.service, "now", return_value=later):
            await opened.wait_for("daily_orders#7f3a  ▸ stalled 01:11  silent for 00:09")

            rows = [line.partition("││")[0] for line in opened.text.splitlines()]
            assert sum("stalled, silent 00:09" in row for row in rows[2:]) == 2


async def test_of_a_run_made_from_older_code_the_title_and_the_news_of_a_reload_say_so():
    async with open_scene(SCENES["running"], (160, 45)) as opened:
        assert "rev a1c9" not in opened.text
        entry = opened.service.catalog.entries[0]
        report = entry.report.model_copy(update={"revision": Revision("b07e" + "0" * 60)})
        saved = replace(entry, report=report)
        state = replace(
            opened.service.catalog,
            entries=(saved, *opened.service.catalog.entries[1:]),
            notice=Notice(NOW, "reloaded daily.py (1 workflow)"),
            version=opened.service.catalog.version + 1,
        )
        with mock.patch.object(Service, "catalog", state):
            await opened.settle()

            await opened.wait_for("rev a1c9, the file has changed since")
            await opened.wait_for("reloaded daily.py (1 workflow); run 7f3a keeps rev a1c9")


async def test_of_a_run_that_is_over_and_not_read_to_its_end_the_title_counts_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(paging, "PAGE", 2)
    monkeypatch.setattr(watch, "_SLICE", 0)
    db = await write_scene(SCENES["done"], tmp_path)
    async with open_service(target=tmp_path / "workflows", db=str(db.db_file), watch=False) as one:
        (run,) = await one.list_runs()
        watching = Watch(run_id=run.run_id)
        titles: list[str] = []
        while not titles or watching.is_behind:
            await watching.pull(one)
            until = watching.until(NOW + 3600 * SECOND * len(titles))
            titles.append(steps_title(watching, "", until).plain.partition("  0/")[0])

    assert watching.state.status is Status.COMPLETED
    assert len(titles) > 2
    assert len({title.partition("completed ")[2].split()[0] for title in titles}) == 1
