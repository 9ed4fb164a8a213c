from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar
from unittest import mock

import anyio
import pytest
import watchfiles

from tests import waiting
from tests.catalog.conftest import TEXT, TextProbe, following, names, until, write
from tests.waiting import PATIENCE
from tuiflow.catalog import Catalog

T = TypeVar("T")


async def test_a_save_wakes_the_catalog_long_before_its_own_next_look(
    tmp_path: Path, probe: TextProbe, monkeypatch: pytest.MonkeyPatch
):
    write(tmp_path / "flow.py", "first")
    monkeypatch.setattr("tuiflow.catalog.catalog._LOOK_EVERY", 20 * PATIENCE)
    with anyio.fail_after(PATIENCE):
        async with following(tmp_path, tmp_path, probe) as catalog:
            while names(catalog.state) == ["first"]:
                # The watcher may not stand yet, and what it misses is left for the next look.
                write(tmp_path / "flow.py", "second", f"# saved at {anyio.current_time()}\n")
                with anyio.move_on_after(1.0):
                    await catalog.wait_for_change()
                    await until(catalog, lambda state: not state.probing)

            assert names(catalog.state) == ["second"]


async def test_a_save_is_told_in_a_line(running: Catalog, tmp_path: Path):
    write(tmp_path / "flow.py", "second")

    await until(running, lambda state: names(state) == ["second"])

    assert running.state.notice is not None
    assert running.state.notice.text == "reloaded flow.py (1 workflow)"


async def test_a_new_file_in_a_new_folder_appears(running: Catalog, tmp_path: Path):
    write(tmp_path / "etl" / "daily.py", "daily")

    await until(running, lambda state: names(state) == ["daily", "first"])

    write(tmp_path / "etl" / "daily.py", "nightly")
    await until(running, lambda state: names(state) == ["nightly", "first"])


async def test_a_save_by_renaming_over_the_file_counts(running: Catalog, tmp_path: Path):
    write(tmp_path / ".flow.py.swp", "second").rename(tmp_path / "flow.py")

    await until(running, lambda state: names(state) == ["second"])


async def test_a_deleted_file_leaves_the_list_and_that_is_said(running: Catalog, tmp_path: Path):
    (tmp_path / "flow.py").unlink()

    await until(running, lambda state: names(state) == [] and state.watching == 0)
    assert running.state.notice is not None
    assert running.state.notice.text.startswith("flow.py offers no workflow any more")


async def test_a_moved_file_is_never_listed_twice(running: Catalog, tmp_path: Path):
    seen: set[tuple[str, ...]] = set()
    (tmp_path / "flow.py").rename(tmp_path / "moved.py")

    def has_moved(state: object) -> bool:
        seen.add(tuple(names(running.state)))
        return any(entry.file.name == "moved.py" for entry in running.state.entries)

    await until(running, has_moved)

    assert seen <= {("first",), ()}


async def test_a_file_emptied_while_it_is_written_stays_on_the_list(
    running: Catalog, tmp_path: Path
):
    seen: set[tuple[str, ...]] = set()
    file = tmp_path / "flow.py"

    file.write_text("")
    await running.refresh()
    seen.add(tuple(names(running.state)))
    file.write_text(TEXT.format("second"))

    await until(running, lambda state: names(state) == ["second"])
    assert seen == {("first",)}


async def test_a_broken_save_keeps_the_last_good_shape_and_the_next_save_mends_it(
    running: Catalog, tmp_path: Path
):
    write(tmp_path / "flow.py", "second", "raise KeyError\n")

    await until(running, lambda state: state.entries[0].failure is not None)
    assert names(running.state) == ["first"]
    assert running.state.notice is not None
    assert running.state.notice.is_error
    assert running.state.notice.text == "flow.py:2 KeyError: 'EUR'"

    write(tmp_path / "flow.py", "third")
    await until(running, lambda state: names(state) == ["third"])
    assert running.state.entries[0].failure is None


async def test_a_syntax_error_is_said_without_a_probe_and_undoing_it_needs_none_either(
    running: Catalog, tmp_path: Path, probe: TextProbe
):
    probed = len(probe.probed)

    write(tmp_path / "flow.py", "first", "def (\n")
    await until(running, lambda state: state.entries[0].failure is not None)
    write(tmp_path / "flow.py", "first")
    await until(running, lambda state: state.entries[0].failure is None)

    assert len(probe.probed) == probed


async def test_saving_a_helper_module_probes_the_workflow_that_imports_it(
    running: Catalog, tmp_path: Path, probe: TextProbe
):
    (tmp_path / "prices.py").write_text("EUR = 1\n")
    write(tmp_path / "flow.py", "second", "import prices\n")
    await until(running, lambda state: names(state) == ["second"] and not state.probing)
    revision = running.state.entries[0].report.revision

    (tmp_path / "prices.py").write_text("EUR = 2\n")

    await until(running, lambda state: state.entries[0].report.revision != revision)
    assert running.state.watching == 1
    assert running.state.not_imported == 1


async def test_a_helper_that_was_missing_mends_the_file_when_it_comes(
    running: Catalog, tmp_path: Path
):
    write(tmp_path / "flow.py", "second", "import prices\n")
    await until(running, lambda state: state.entries[0].failure is not None)

    (tmp_path / "prices.py").write_text("EUR = 1\n")

    await until(running, lambda state: names(state) == ["second"])


async def test_a_file_that_rewrites_itself_on_import_is_left_alone_after_the_third_time(
    running: Catalog, tmp_path: Path, probe: TextProbe
):
    probe.on_probe = lambda file: file.write_text(file.read_text() + "# again\n")
    write(tmp_path / "flow.py", "second")

    await until(running, lambda s: s.notice is not None and "changes itself" in s.notice.text)

    probed = len(probe.probed)
    await running.refresh()
    await running.refresh()
    assert len(probe.probed) == probed
    probe.on_probe = lambda file: None
    write(tmp_path / "flow.py", "third")
    await until(running, lambda state: names(state) == ["third"])


async def test_a_folder_that_vanishes_and_comes_back_is_watched_again(
    tmp_path: Path, probe: TextProbe
):
    folder = tmp_path / "flows"
    write(folder / "flow.py", "flow")
    async with following(folder, tmp_path, probe) as catalog:
        folder.rename(tmp_path / "away")
        await until(catalog, lambda state: names(state) == [])
        (tmp_path / "away").rename(folder)
        await until(catalog, lambda state: names(state) == ["flow"])


async def test_a_system_without_watches_left_is_looked_at_all_the_same(
    tmp_path: Path, probe: TextProbe, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(watchfiles, "awatch", mock.Mock(side_effect=OSError("no watches left")))
    write(tmp_path / "flow.py", "first")
    async with following(tmp_path, tmp_path, probe) as catalog:
        write(tmp_path / "flow.py", "second")
        await until(catalog, lambda state: names(state) == ["second"])


async def test_a_look_that_waits_for_a_busy_machine_does_not_put_off_the_next(
    tmp_path: Path, probe: TextProbe, monkeypatch: pytest.MonkeyPatch
):
    looks: list[object] = []

    async def run_late(do: Callable[..., T], *given: object) -> T:
        looks.append(do)
        await anyio.sleep(0.1)
        return await anyio.to_thread.run_sync(do, *given)

    monkeypatch.setattr("tuiflow.catalog.catalog.run_sync", run_late)
    monkeypatch.setattr("tuiflow.catalog.catalog._LOOK_EVERY", 0.01)
    async with following(tmp_path, tmp_path, probe):
        await waiting.until(lambda: len(looks) > 10)


@pytest.mark.timeout(PATIENCE)
async def test_the_end_does_not_wait_for_the_watcher(
    tmp_path: Path, probe: TextProbe, monkeypatch: pytest.MonkeyPatch
):
    never = round(20 * PATIENCE * 1000)  # milliseconds
    slow = partial(watchfiles.awatch, rust_timeout=never)
    monkeypatch.setattr(watchfiles, "awatch", slow)

    async with following(tmp_path, tmp_path, probe):
        pass


async def test_a_file_alone_is_watched_alone(tmp_path: Path, probe: TextProbe):
    file = write(tmp_path / "flow.py", "flow")
    write(tmp_path / "other.py", "other")
    async with following(file, tmp_path, probe) as catalog:
        write(file, "changed")
        await until(catalog, lambda state: names(state) == ["changed"])

    assert catalog.state.folder == tmp_path
    assert catalog.state.watching == 1


async def test_a_save_during_the_import_is_not_lost(
    running: Catalog, tmp_path: Path, probe: TextProbe
):
    def save_once_more(file: Path) -> None:
        probe.on_probe = lambda file: None
        write(file, "third")

    probe.on_probe = save_once_more
    write(tmp_path / "flow.py", "second")

    await until(running, lambda state: names(state) == ["third"])
