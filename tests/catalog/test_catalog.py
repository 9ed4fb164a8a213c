import os
from pathlib import Path

import anyio

from tests.catalog.conftest import TextProbe, names, until, write
from tuiflow.catalog import Catalog
from tuiflow.errors import WorkerError
from tuiflow.model.outline import FileReport


async def test_a_worker_that_cannot_start_is_the_files_failure_until_something_changes(
    tmp_path: Path,
):
    write(tmp_path / "flow.py", "flow")
    probed: list[Path] = []

    async def refuse(file: Path) -> FileReport:
        probed.append(file)
        raise WorkerError("tuiflow is not installed in .venv: run `uv add --dev tuiflow`")

    catalog = Catalog(tmp_path, tmp_path, probe=refuse)
    async with anyio.create_task_group() as group:
        group.start_soon(catalog.run)
        await until(catalog, lambda state: len(state.broken) == 1)
        await anyio.wait_all_tasks_blocked()
        assert len(probed) == 1
        assert "uv add" in catalog.state.broken[0].failure.message
        group.cancel_scope.cancel()


async def test_a_known_report_fills_the_list_at_once_and_needs_no_probe(
    tmp_path: Path, probe: TextProbe
):
    known = await probe(write(tmp_path / "flow.py", "flow"))
    probe.probed.clear()

    catalog = Catalog(tmp_path, tmp_path, probe=probe, known=[known])

    assert names(catalog.state) == ["flow"]
    assert not catalog.state.has_scanned
    await catalog.refresh()
    assert probe.probed == []
    assert catalog.state.has_scanned


async def test_a_known_report_of_an_older_text_is_probed_again(tmp_path: Path, probe: TextProbe):
    known = await probe(write(tmp_path / "flow.py", "old"))
    write(tmp_path / "flow.py", "new")
    gone = known.model_copy(update={"file": str(tmp_path / "gone.py")})
    reports: list[FileReport] = []

    async def keep(report: FileReport) -> None:
        reports.append(report)

    catalog = Catalog(tmp_path, tmp_path, probe=probe, known=[known, gone], on_report=keep)
    await catalog.refresh()

    assert names(catalog.state) == ["new"]
    assert [report.workflows[0].name for report in reports] == ["new"]


async def test_a_workflow_asked_for_by_name_is_as_fresh_as_its_file(
    tmp_path: Path, probe: TextProbe
):
    known = await probe(write(tmp_path / "flow.py", "flow"))
    write(tmp_path / "flow.py", "flow", "# saved a moment ago\n")
    catalog = Catalog(tmp_path, tmp_path, probe=probe, known=[known])

    entry = await catalog.fresh("flow")

    assert entry.report.revision != known.revision


async def test_the_version_grows_only_when_something_changes(running: Catalog):
    await running.refresh()
    version = running.state.version

    await running.refresh()

    assert running.state.version == version


async def test_a_refresh_probes_what_is_broken_again_since_the_cause_may_be_elsewhere(
    tmp_path: Path, probe: TextProbe
):
    write(tmp_path / "good.py", "good")
    write(tmp_path / "bad.py", "bad", "raise\n")
    write(tmp_path / "syntax.py", "syntax", "def (\n")
    catalog = Catalog(tmp_path, tmp_path, probe=probe)
    await catalog.refresh()
    probe.probed.clear()

    await catalog.catch_up()
    assert probe.probed == []
    await catalog.refresh()

    assert probe.probed == ["bad.py"]


async def test_who_asks_for_a_name_waits_for_the_files_that_have_it_in_their_text_alone(
    tmp_path: Path, probe: TextProbe
):
    for name in ("a", "b", "wanted"):
        write(tmp_path / f"{name}.py", name)
    write(tmp_path / "talks.py", "c", "text = 'wanted'")
    for name in ("d", "e"):
        write(tmp_path / "more" / f"{name}.py", "twice")

    catalog = Catalog(tmp_path, tmp_path, probe=probe)
    await catalog.refresh("wanted")
    assert sorted(probe.probed) == ["talks.py", "wanted.py"]
    assert catalog.find("wanted").file == tmp_path / "wanted.py"
    await catalog.refresh("more/d.py:twice")
    assert sorted(probe.probed) == ["d.py", "e.py", "talks.py", "wanted.py"]
    assert catalog.find("more/d.py:twice").file == tmp_path / "more" / "d.py"
    await catalog.refresh("nowhere")

    assert {"a", "b", "c", "wanted"} < set(names(catalog.state))


async def test_a_name_that_has_moved_to_another_file_is_that_ones_alone(
    tmp_path: Path, probe: TextProbe
):
    known = await probe(write(tmp_path / "old.py", "flow"))
    write(tmp_path / "old.py", "another")
    write(tmp_path / "new.py", "flow")

    catalog = Catalog(tmp_path, tmp_path, probe=probe, known=[known])
    await catalog.refresh("flow")

    assert catalog.find("flow").file == tmp_path / "new.py"


async def test_the_newest_file_is_warmed_without_a_word(tmp_path: Path, probe: TextProbe):
    old, new = write(tmp_path / "old.py", "old"), write(tmp_path / "new.py", "new")
    os.utime(old, (1_000_000, 1_000_000))
    known = [probe.report(old), probe.report(new)]
    probe.probed.clear()
    catalog = Catalog(tmp_path, tmp_path, probe=probe, known=known)
    await catalog.catch_up()
    seen: list[bool] = []
    probe.on_probe = lambda file: seen.append(bool(catalog.state.probing))

    await catalog.warm()
    await catalog.warm()

    assert (probe.probed, seen) == (["new.py"], [False])
    assert catalog.state.notice is None


async def test_a_folder_with_nothing_in_it_says_so_once_it_was_read(
    tmp_path: Path, probe: TextProbe
):
    (tmp_path / "plain.py").write_text("import json\n")
    catalog = Catalog(tmp_path, tmp_path, probe=probe)

    await catalog.refresh()

    state = catalog.state
    assert (state.entries, state.broken, state.watching, state.not_imported) == ((), (), 0, 1)
    assert state.has_scanned


async def test_taking_a_mistake_back_is_said_although_nothing_needs_to_be_imported(
    tmp_path: Path, probe: TextProbe
):
    file = write(tmp_path / "flow.py", "flow")
    catalog = Catalog(tmp_path, tmp_path, probe=probe)
    await catalog.refresh()
    write(file, "flow", "def (\n")
    await catalog.catch_up()
    broken = catalog.state.notice
    assert broken is not None
    assert broken.is_error
    probe.probed.clear()

    write(file, "flow")
    await catalog.catch_up()

    mended = catalog.state.notice
    assert mended is not None
    assert mended.text.startswith("reloaded flow.py")
    assert probe.probed == []
