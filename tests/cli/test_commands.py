import json
import subprocess
import sys

import pytest

from tests.cli.conftest import Project

FIRST_KEYS = ["id", "seq", "run_id", "at", "kind", "node_path"]


@pytest.fixture(scope="module")
def echoed(project: Project) -> str:
    """The id of a run that is over."""
    ended = project.tuiflow("run", "echo", "a=1", "b=x", "--data", "k=[2]", "--detach")
    assert ended.returncode == 0, ended.stderr
    run_id = ended.stdout.strip()
    project.json("events", run_id, "--follow")
    return run_id


def test_list_names_every_workflow_of_the_folder(project: Project):
    rows = {row["key"]: row for row in project.json("list")}

    assert set(rows) == {
        "greeting", "echo", "failing", "spinning", "enduring", "dying", "hostile"
    }  # fmt: skip
    greeting = rows["greeting"]
    assert greeting["name"] == "greeting"
    assert greeting["file"].endswith("workflows/some.py")
    assert greeting["description"] == "Says hello"
    assert greeting["input_schema"]["required"] == ["name"]
    assert greeting["failure"] is None


def test_list_for_a_person_has_a_line_each(project: Project):
    lines = project.tuiflow("list").stdout.splitlines()

    assert len(lines) == 7
    assert any(line.split()[0] == "greeting" and "Says hello" in line for line in lines)


def test_a_run_prints_its_events_its_content_and_its_status(project: Project):
    ended = project.tuiflow("run", "greeting", "name=Ada", "times=2", "loud=yes")

    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert lines[0].endswith('▸  greeting  input {"name": "Ada", "times": 2, "loud": true}')
    assert "HELLO ADA HELLO ADA" in lines
    assert lines[-1].startswith("✓ completed ")


def test_output_into_a_pipe_has_no_colour(project: Project):
    assert "\x1b" not in project.tuiflow("run", "greeting", "name=Ada").stdout


def test_a_run_as_json_is_its_events_one_a_line(project: Project):
    ended = project.tuiflow("run", "greeting", "--input", '{"name": "Ada"}', "--json")

    assert ended.returncode == 0
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    assert all(list(event)[:6] == FIRST_KEYS for event in events)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["kind"] == "WorkflowStarted"
    assert events[-1]["kind"] == "WorkflowCompleted"
    assert events[-1]["content"]["value"] == "hello Ada"


def test_the_input_comes_from_stdin(project: Project):
    ended = project.tuiflow("run", "greeting", "--input", "-", stdin='{"name": "Grace"}')

    assert "hello Grace" in ended.stdout.splitlines()


def test_a_detached_run_ends_with_its_id(project: Project):
    (row,) = project.json("run", "echo", "--detach")

    assert list(row) == ["run_id"]
    assert project.json("show", row["run_id"][-8:])[0]["run_id"] == row["run_id"]


def test_show_gives_the_run_with_its_nodes(project: Project, echoed: str):
    (run,) = project.json("show", echoed)

    assert run["status"] == "completed"
    assert run["input"] == {"a": 1, "b": "x"}
    assert run["additional_data"] == {"k": [2]}
    assert run["content"] == {"input": {"a": 1, "b": "x"}, "data": {"k": [2]}}
    assert [node["node_path"] for node in run["nodes"]] == ["echo", "echo/echo"]
    assert {node["status"] for node in run["nodes"]} == {"completed"}


def test_show_for_a_person_has_tree_content_and_status(project: Project, echoed: str):
    shown = project.tuiflow("show", echoed[-6:]).stdout

    assert shown.startswith(f"echo run {echoed}")
    assert "\n  ✓ echo " in shown
    assert '"k": [' in shown
    assert shown.splitlines()[-1].startswith("✓ completed")


def test_events_as_json_have_their_place_first(project: Project, echoed: str):
    events = project.json("events", echoed)

    assert all(list(event)[:6] == FIRST_KEYS for event in events)
    assert {event["run_id"] for event in events} == {echoed}
    kinds = [event["kind"] for event in events]
    assert kinds[0] == "WorkflowStarted"
    assert {"StepStarted", "StepProgress", "StepLog", "StepCompleted"} <= set(kinds)


def test_events_for_a_person_indent_what_a_step_said(project: Project, echoed: str):
    lines = project.tuiflow("events", echoed).stdout.splitlines()

    assert any(line.endswith("      echo │ said aloud") for line in lines)
    assert any(line.endswith("     echo  1 of 2") for line in lines)


def test_runs_are_listed_newest_first(project: Project, echoed: str):
    rows = project.json("runs", "--workflow", "echo")

    assert echoed in [row["run_id"] for row in rows]
    assert {row["workflow_name"] for row in rows} == {"echo"}
    assert rows == sorted(rows, key=lambda row: row["created_at"], reverse=True)
    assert len(project.json("runs", "--limit", "1")) == 1


def test_runs_for_a_person_show_tails_that_find_the_run(project: Project, echoed: str):
    lines = project.tuiflow("runs").stdout.splitlines()
    tails = [line.split()[0] for line in lines]

    assert len(set(tails)) == len(tails)
    (tail,) = [tail for tail in tails if echoed.endswith(tail)]
    assert project.json("show", tail)[0]["run_id"] == echoed


def test_a_failing_run_shows_where_and_exits_with_1(project: Project):
    ended = project.tuiflow("run", "failing")

    assert ended.returncode == 1
    assert "KeyError: 'EUR'" in ended.stdout
    assert "caused by\nExceptionGroup: two" in ended.stdout
    assert "2 of 2\nOSError: other" in ended.stdout
    assert "workflows/some.py:" in ended.stdout
    assert "in fail" in ended.stdout
    assert "tuiflow/engine" not in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("✗ error")
    assert project.json("show", "last")[0]["failure"]["type"]


def test_a_run_whose_worker_dies_exits_with_4(project: Project):
    ended = project.tuiflow("run", "dying")

    assert ended.returncode == 4
    assert ended.stdout.splitlines()[-1].startswith("✗ crashed")


def test_text_of_a_workflow_never_reaches_the_terminal_raw(project: Project):
    ended = project.tuiflow("run", "hostile")
    printed = ended.stdout + project.tuiflow("show", "last").stdout
    printed += project.tuiflow("events", "last", "--json").stdout

    assert "after" in printed
    assert "a log" in printed
    assert not {"\x1b", "\x07", "\x9b"} & set(printed)


def test_a_terminal_that_knows_few_characters_gets_question_marks(project: Project, echoed: str):
    ended = project.call(project.command("show", echoed), PYTHONIOENCODING="ascii", PYTHONUTF8="0")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1].startswith("? completed")


def test_a_reader_that_leaves_early_is_no_error(project: Project, echoed: str):
    events = " ".join(project.command("events", echoed, "--json"))

    ended = project.call(["bash", "-o", "pipefail", "-c", f"{events} | head -n 1"])

    assert ended.stderr == ""
    assert ended.stdout.count("\n") == 1


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["run", "--help"]])
def test_help_loads_nothing_heavy(words: list[str]):
    code = f"""
import sys
before = set(sys.modules)  # a runner that measures brings modules of its own
from tuiflow.cli import main
try:
    main({words!r})
except SystemExit:
    pass
heavy = {{"pydantic", "anyio", "textual", "rich", "watchfiles", "sqlite3", "psutil"}}
loaded = heavy & (set(sys.modules) - before)
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize("command", ["run", "list", "runs", "show", "events", "cancel"])
def test_commands_that_print_load_no_screen(command: str):
    code = f"""
import sys
import tuiflow.cli.commands.{command}
assert "textual" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
