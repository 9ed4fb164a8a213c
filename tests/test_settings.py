from pathlib import Path

import pytest

from tuiflow.errors import SettingsError
from tuiflow.settings import find_project, load_settings


def project_with(folder: Path, settings: str) -> Path:
    (folder / "pyproject.toml").write_text(settings)
    return folder


def test_an_argument_goes_before_the_environment_and_that_before_the_file(tmp_path: Path):
    project = project_with(tmp_path, '[tool.tuiflow]\ndb = "file.db"\nascii = true\n')
    environ = {"TUIFLOW_DB": "environment.db", "TUIFLOW_IMPORT_SECONDS": "2.5"}

    settings = load_settings(project, environ=environ, db="argument.db", python=None)

    assert (settings.db, settings.import_seconds, settings.ascii) == ("argument.db", 2.5, True)
    assert load_settings(project, environ=environ).db == "environment.db"
    assert load_settings(project, environ={}).db == "file.db"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[tool.tuiflow]\nstandby = 7\n", "setting standby = 7: Input should be a valid boolean"),
        ("[tool.tuiflow]\nimport_seconds = 0\n", "= 0: Input should be greater than 0"),
        ("[tool.tuiflow]\nimport_seconds = inf\n", "Input should be less than or equal to 86400"),
        ("[tool.tuiflow]\nimport_seconds = nan\n", "setting import_seconds = nan: Input should be"),
        (f"[tool.tuiflow]\nkeep_runs = {10**30}\n", "Input should be less than 92233720368547758"),
        ("[tool.tuiflow]\nfoldr = '.'\n", "has no setting 'foldr'; it has folder, db, python"),
        ("[tool.tuiflow\n", "pyproject.toml: Expected ']'"),
    ],
)
def test_a_bad_setting_is_named_with_its_place(tmp_path: Path, text: str, sentence: str):
    with pytest.raises(SettingsError) as refused:
        load_settings(project_with(tmp_path, text), environ={})

    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_project_is_the_nearest_folder_that_says_so_or_where_one_stands(tmp_path: Path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / ".tuiflow").mkdir()

    assert find_project(inner) == tmp_path / "a"


def test_without_any_sign_a_workflows_folder_belongs_to_the_folder_around_it(tmp_path: Path):
    folder = tmp_path / "shop" / "workflows"
    folder.mkdir(parents=True)

    assert find_project(folder) == find_project(folder.parent) == folder.parent
    assert find_project(Path("/workflows")) == Path("/workflows")
