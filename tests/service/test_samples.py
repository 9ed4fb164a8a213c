import ast
from pathlib import Path

import pytest

from tuiflow.errors import CatalogError
from tuiflow.service import unpack_demo, write_hello


def test_the_first_workflow_is_written_once_and_never_over_a_file(tmp_path: Path):
    file = write_hello(tmp_path / "workflows")

    assert file == tmp_path / "workflows" / "hello.py"
    ast.parse(file.read_text())
    file.write_text("mine")
    with pytest.raises(CatalogError, match="exists already"):
        write_hello(tmp_path / "workflows")
    assert file.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path):
    (tmp_path / "workflows").write_text("a file")

    with pytest.raises(CatalogError, match=r"cannot write .*hello.py|exists already"):
        write_hello(tmp_path / "workflows")


def test_the_demo_is_a_project_of_its_own_and_keeps_what_was_changed_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    folder = unpack_demo()

    assert folder.is_relative_to(tmp_path)
    assert (folder.parent / ".tuiflow").is_dir()
    sample = next(folder.glob("*.py"), folder / "mine.py")
    sample.write_text("mine")
    assert unpack_demo() == folder
    assert sample.read_text() == "mine"
