import json
import sqlite3
from contextlib import closing

import pytest

from tests.cli.conftest import Project


@pytest.fixture
def run_once(own_project: Project) -> Project:
    assert own_project.tuiflow("run", "echo", "tea").returncode == 0
    return own_project


def runs_left(project: Project) -> int:
    return len(project.json("runs"))


def test_what_real_runs_leave_behind_has_nothing_wrong_with_it(run_once: Project):
    assert run_once.tuiflow("run", "failing").returncode == 1
    assert run_once.tuiflow("run", "dying").returncode == 4
    spinning = run_once.json("run", "spinning", "--detach")[0]["run_id"]
    assert run_once.tuiflow("cancel", spinning).returncode == 0

    ended = run_once.tuiflow("verify")

    assert ended.returncode == 0, ended.stdout
    assert (ended.stdout, ended.stderr) == ("", "tuiflow: 4 runs checked: nothing is wrong\n")
    assert "nothing is wrong" in run_once.tuiflow("verify", "last").stderr


def test_verify_says_what_is_wrong_and_where_and_leaves_with_1(run_once: Project):
    with closing(sqlite3.connect(run_once.folder / ".tuiflow/tuiflow.db")) as raw, raw:
        raw.execute("DELETE FROM events WHERE seq = 2")

    ended = run_once.tuiflow("verify", "last")
    as_json = run_once.tuiflow("verify", "--json")

    assert ended.returncode == as_json.returncode == 1
    assert "seq 3: the log goes from seq 1 to 3" in ended.stdout
    first = json.loads(as_json.stdout.splitlines()[0])
    assert (first["seq"], first["problem"]) == (3, "the log goes from seq 1 to 3")


def test_the_newest_runs_are_kept_unless_told_otherwise(run_once: Project):
    ended = run_once.tuiflow("prune", "--older-than", "0d")
    assert "0 runs deleted" in ended.stderr
    assert "1 run would be deleted" in (
        run_once.tuiflow("prune", "--older-than", "0s", "--keep", "0", "--dry-run").stderr
    )
    assert runs_left(run_once) == 1

    deleted = run_once.json("prune", "--older-than", "0s", "--keep", "0")

    assert [run["workflow_name"] for run in deleted] == ["echo"]
    assert runs_left(run_once) == 0


def test_what_is_kept_can_be_set_for_the_project(run_once: Project):
    (run_once.folder / "pyproject.toml").write_text("[tool.tuiflow]\nkeep_days=0\nkeep_runs=0\n")

    assert "1 run deleted" in run_once.tuiflow("prune").stderr


def test_one_run_can_be_deleted_by_its_id(run_once: Project):
    ended = run_once.tuiflow("prune", "last")

    assert ended.returncode == 0
    assert "deleted" in ended.stderr
    assert runs_left(run_once) == 0


def test_a_run_that_goes_on_is_not_deleted(own_project: Project):
    run_id = own_project.json("run", "spinning", "--detach")[0]["run_id"]

    ended = own_project.tuiflow("prune", run_id)

    assert ended.returncode == 1
    assert "cancel it first, or wait for its end" in ended.stderr
    own_project.tuiflow("cancel", "--kill", run_id)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--older-than", "soon"), "'soon' is no age: say 30d, 12h, 45m or 10s"),
        (("--older-than", "nand"), "'nand' is no age"),
        (("--keep", "-1"), "'-1' is no whole number from 0 up"),
        (("last", "--keep", "1"), "give a RUN, or say with --older-than and --keep which ones"),
    ],
)
def test_wrong_words_are_answered_in_one_sentence(
    project: Project, words: tuple[str, ...], sentence: str
):
    ended = project.tuiflow("prune", *words)

    assert ended.returncode == 2
    assert sentence in ended.stderr
