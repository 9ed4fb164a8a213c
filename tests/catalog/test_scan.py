import os
from pathlib import Path

import pytest

from tests.catalog.conftest import write
from tuiflow.catalog.scan import Scanner, check_target, read_source
from tuiflow.errors import CatalogError


def found(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in Scanner(folder).scan().files)


def test_only_files_that_import_tuiflow_are_found_and_the_others_are_counted(tmp_path: Path):
    write(tmp_path / "one.py", "one")
    write(tmp_path / "deep" / "er" / "two.py", "two")
    (tmp_path / "three.py").write_text("import tuiflow.engine as e\n")
    (tmp_path / "talks.py").write_text('"""About tuiflow."""\nimport json\n')
    (tmp_path / "other.py").write_text("import json\n")
    (tmp_path / "relative.py").write_text("from .tuiflow import x\n")

    scan = Scanner(tmp_path).scan()

    assert found(tmp_path) == ["deep/er/two.py", "one.py", "three.py"]
    assert scan.not_imported == 3


@pytest.mark.parametrize("folder", [".git", "__pycache__", "node_modules", "lib/site-packages"])
def test_folders_of_other_programs_are_not_entered(tmp_path: Path, folder: str):
    write(tmp_path / folder / "flow.py", "hidden")

    assert found(tmp_path) == []


def test_a_virtual_environment_of_any_name_is_not_entered(tmp_path: Path):
    write(tmp_path / "env311" / "flow.py", "hidden")
    (tmp_path / "env311" / "pyvenv.cfg").write_text("home = /usr\n")

    assert found(tmp_path) == []


@pytest.mark.parametrize("name", ["setup.py", "conftest.py", "test_flow.py"])
def test_files_that_other_tools_run_are_never_workflow_files(tmp_path: Path, name: str):
    write(tmp_path / name, "hidden")

    assert found(tmp_path) == []


def test_files_stand_in_the_order_of_their_last_change(tmp_path: Path):
    for age, name in enumerate(["new.py", "old.py", "older.py"]):
        os.utime(write(tmp_path / name, name), (1_000_000 - age, 1_000_000 - age))

    assert [path.name for path in Scanner(tmp_path).scan().files] == [
        "older.py",
        "old.py",
        "new.py",
    ]


def test_a_syntax_error_in_a_file_that_imports_tuiflow_says_where_it_is(tmp_path: Path):
    file = tmp_path / "broken.py"

    look = read_source(b"from tuiflow import Step\ndef f(:\n    pass\n", file)

    assert look.imports_tuiflow
    assert look.failure is not None
    assert look.failure.type == "SyntaxError"
    assert (look.failure.frames[0].file, look.failure.frames[0].line) == (str(file), 2)


@pytest.mark.parametrize("text", [b"def tuiflow(:\n", b"x = 'tuiflow\n", b"# import tuiflow (\n)("])
def test_a_syntax_error_in_a_file_that_only_mentions_tuiflow_is_not_our_business(text: bytes):
    assert not read_source(text, Path("x.py")).imports_tuiflow


@pytest.mark.parametrize(
    "text",
    [
        b"import tuiflow\n" + b"(" * 5_000,
        b"import tuiflow\nx = " + b"-" * 200_000 + b"1",
        b"import tuiflow\n\x00",
        "import tuiflow\nx = 'é'\n".encode("latin-1"),
        b"# coding: nonsense\nimport tuiflow\n",
    ],
)
def test_text_that_no_parser_takes_is_a_broken_file(text: bytes):
    look = read_source(text, Path("x.py"))

    assert look.imports_tuiflow
    assert look.failure is not None


def test_a_doubtful_escape_sequence_is_no_error():
    assert read_source(b"import tuiflow\nx = '\\d'\n", Path("x.py")).failure is None


def test_a_pipe_named_like_a_module_does_not_hold_the_scan_up(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.py")

    assert found(tmp_path) == []


def test_a_name_that_cannot_be_shown_is_left_out(tmp_path: Path):
    (tmp_path / "bad\x1b[31m.py").write_text("import tuiflow\n")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.py")).write_text("import tuiflow\n")

    assert found(tmp_path) == []


def test_a_changed_file_is_read_again(tmp_path: Path):
    file = write(tmp_path / "flow.py", "flow")
    scanner = Scanner(tmp_path)
    assert scanner.scan().files

    file.write_text("import json\n")

    assert not scanner.scan().files


def test_one_file_alone_can_be_the_target(tmp_path: Path):
    file = write(tmp_path / "test_flow.py", "flow")
    write(tmp_path / "other.py", "other")

    assert list(Scanner(file).scan().files) == [file]


def test_targets_that_hold_no_workflows_are_refused_in_one_sentence(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("tuiflow")
    (tmp_path / "plain.py").write_text("import json\n")

    for name, says in [
        ("nowhere", "does not exist"),
        ("notes.txt", "is not a Python file"),
        ("plain.py", "does not import tuiflow"),
    ]:
        with pytest.raises(CatalogError, match=says):
            check_target(tmp_path / name)


def test_a_folder_and_a_broken_workflow_file_are_good_targets(tmp_path: Path):
    broken = tmp_path / "broken.py"
    broken.write_text("import tuiflow\nx = (\n")

    check_target(tmp_path)
    check_target(broken)


def test_a_file_too_big_to_be_parsed_in_time_says_so(tmp_path: Path):
    (tmp_path / "flow.py").write_text("from tuiflow import Workflow\n" + "x = 1\n" * 200_000)
    (tmp_path / "data.py").write_text("# not of tuiflow\n" + "x = 1\n" * 200_000)

    files = Scanner(tmp_path).scan().files

    assert list(files) == [tmp_path / "flow.py"]
    failure = files[tmp_path / "flow.py"].failure
    assert failure is not None
    assert "it has more than 1 MB: move its data into a file of its own" in failure.message
