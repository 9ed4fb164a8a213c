"""What is shown of one run while it is read."""

from pathlib import Path

import pytest

from tests.scenes import NOW, SCENES, write_scene
from tests.taping import SECOND
from tuiflow.model.status import Status
from tuiflow.service import open_service
from tuiflow.store import paging
from tuiflow.tui.screens import watch
from tuiflow.tui.screens.headline import steps_title
from tuiflow.tui.screens.watch import Watch


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
