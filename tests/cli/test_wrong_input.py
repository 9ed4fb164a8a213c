import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Project


def refused(project: Project, *words: str) -> str:
    ended = project.tuiflow(*words)
    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("tuiflow: ")
    return ended.stderr


def test_an_unknown_workflow_lists_the_known_ones(project: Project):
    told = refused(project, "run", "nope")

    assert "no workflow 'nope'" in told
    assert "greeting" in told


@pytest.mark.parametrize("command", ["show", "events", "cancel"])
def test_an_unknown_run_says_how_to_list_them(project: Project, command: str):
    assert "`tuiflow runs` lists them" in refused(project, command, "zzzz")


def test_a_missing_field_is_named(project: Project):
    assert "name" in refused(project, "run", "greeting", "times=2")


def test_a_value_that_does_not_fit_is_named(project: Project):
    told = refused(project, "run", "greeting", "name=Ada", "times=often")

    assert "times: expected a whole number" in told


def test_a_text_for_a_workflow_with_fields_says_to_use_them(project: Project):
    assert "give name=… times=…" in refused(project, "run", "greeting", "Ada")


def test_input_that_is_not_json_says_where(project: Project):
    told = refused(project, "run", "greeting", "--input", '{"name": ')

    assert "--input is not JSON" in told
    assert "line 1, column 10" in told


def test_nothing_is_started_by_what_is_refused(own_project: Project):
    refused(own_project, "run", "greeting", "times=2")
    refused(own_project, "run", "greeting", "name=x", "times=often")

    assert own_project.json("runs") == []


def test_a_database_of_another_program_is_left_alone(project: Project, tmp_path: Path):
    theirs = tmp_path / "theirs.db"
    with closing(sqlite3.connect(theirs)) as db, db:
        db.execute("CREATE TABLE customers (name)")
    before = theirs.read_bytes()

    assert "not a tuiflow database" in refused(project, "runs", "--db", str(theirs))
    assert theirs.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(project: Project, tmp_path: Path):
    text = tmp_path / "notes.txt"
    text.write_text("some notes, long enough to be no database header at all" * 3)

    assert str(text) in refused(project, "runs", "--db", str(text))


def test_a_folder_that_does_not_exist_is_refused(project: Project):
    assert "/nowhere" in refused(project, "list", "--folder", "/nowhere")
    assert "/nowhere" in refused(project, "/nowhere")


def test_a_python_that_does_not_exist_is_refused(own_project: Project):
    told = refused(own_project, "run", "echo", "--python", "/nowhere/python")

    assert "/nowhere/python" in told


def test_a_broken_file_is_listed_with_its_place_and_the_rest_stays_usable(own_project: Project):
    (own_project.folder / "workflows" / "broken.py").write_text(
        "from tuiflow import Workflow\n\nx = 1 / 0\n"
    )

    lines = own_project.tuiflow("list").stdout.splitlines()
    broken = [row for row in own_project.json("list") if row["failure"]]

    assert "! workflows/broken.py:3  ZeroDivisionError: division by zero" in lines
    assert [row["failure"]["type"] for row in broken] == ["ZeroDivisionError"]
    assert own_project.tuiflow("run", "echo").returncode == 0
    assert "broken.py" in refused(own_project, "run", "nope")


def test_two_workflows_of_one_name_are_told_apart_by_their_files(own_project: Project):
    text = (own_project.folder / "workflows" / "some.py").read_text()
    (own_project.folder / "workflows" / "other.py").write_text(text)

    told = refused(own_project, "run", "echo")

    assert "2 files define 'echo'" in told
    assert own_project.tuiflow("run", "other.py:echo").returncode == 0


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path):
    (tmp_path / "pyproject.toml").touch()

    ended = Project(tmp_path).tuiflow("list")

    assert ended.returncode == 0
    assert ended.stdout == f"no workflows in {tmp_path}\n"


@pytest.mark.parametrize("command", ["", "demo"])
def test_the_screen_without_a_terminal_says_what_to_use(project: Project, command: str):
    assert "needs a terminal" in refused(project, *command.split())
