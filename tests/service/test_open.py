from pathlib import Path

import pytest

from tests.service.conftest import QUICK, write
from tests.waiting import until
from tuiflow.errors import CatalogError
from tuiflow.service import open_service


async def test_a_known_list_is_there_as_soon_as_the_service_is_open(project: Path):
    write(project, "quick", QUICK)
    async with open_service(target=project / "workflows", watch=False) as service:
        await service.refresh()

    async with open_service(target=project / "workflows", watch=False) as service:
        assert [entry.key for entry in service.catalog.entries] == ["quick"]


async def test_a_save_is_on_the_list_soon(project: Path):
    file = write(project, "quick", QUICK)
    async with open_service(target=project / "workflows") as service:
        await until(lambda: bool(service.catalog.entries) and not service.catalog.probing)

        file.write_text(QUICK.replace('name="quick"', 'name="swift"'))

        await until(lambda: [entry.key for entry in service.catalog.entries] == ["swift"])


async def test_what_the_block_raises_arrives_as_it_is(project: Path):
    with pytest.raises(KeyError):
        async with open_service(target=project / "workflows"):
            raise KeyError("mine")


async def test_a_target_that_is_not_there_is_refused(project: Path):
    with pytest.raises(CatalogError, match="does not exist"):
        async with open_service(target=project / "nowhere"):
            pass


async def test_without_a_workflows_folder_the_project_itself_is_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)

    async with open_service(watch=False) as service:
        assert (service.project, service.folder) == (tmp_path, tmp_path)
        assert service.write_hello() == tmp_path / "workflows" / "hello.py"
    async with open_service(watch=False) as service:
        assert service.folder == tmp_path / "workflows"


async def test_the_workflows_where_one_stands_come_before_those_of_the_project_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / ".git").mkdir()
    (tmp_path / "workflows").mkdir()
    inner = tmp_path / "app" / "workflows"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner.parent)

    async with open_service(watch=False) as service:
        assert (service.project, service.folder) == (tmp_path, inner)


async def test_the_folder_of_the_settings_is_used_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = tmp_path / "pyproject.toml"
    settings.write_text('[tool.tuiflow]\nfolder = "flows"\n')
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CatalogError, match="does not exist"):
        async with open_service(watch=False):
            pass

    (tmp_path / "flows").mkdir()
    async with open_service(watch=False) as service:
        assert service.folder == tmp_path / "flows"
