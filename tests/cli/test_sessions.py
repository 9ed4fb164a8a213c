import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Project

TALK = """
from pydantic import BaseModel
from tuiflow import Step, Workflow


class Turn(BaseModel):
    text: str


def talk(step_input, session_state, run_context):
    turns = session_state.setdefault("turns", [])
    turns.append(Turn(text=step_input.input))
    said = [f"{type(turn).__name__} {turn.text}" for turn in turns]
    return {"said": said, "user": run_context.user_id, "past": step_input.get_workflow_history(1)}


workflow = Workflow(name="talk", steps=[Step(name="talk", executor=talk)])
"""


@pytest.fixture
def talking(tmp_path: Path) -> Iterator[Project]:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "talk.py").write_text(TALK)
    project = Project(tmp_path)
    yield project
    project.end()


def content(project: Project, *words: str) -> dict[str, object]:
    run = project.json("run", "talk", *words)[0]["run_id"]
    (shown,) = project.json("show", run)
    assert shown["status"] == "completed", shown
    return shown["content"] | {"session": shown["session_id"]}


def test_runs_with_one_session_share_state_and_history_across_worker_processes(talking: Project):
    first = content(talking, "one", "--session", "s", "--user", "ann")
    second = content(talking, "two", "--session", "s")
    alone = content(talking, "three")

    assert first == {"said": ["Turn one"], "user": "ann", "past": [], "session": "s"}
    assert second["said"] == ["Turn one", "Turn two"]
    past = second["past"]
    assert isinstance(past, list)
    assert past[0][0] == "one"
    assert json.loads(past[0][1])["said"] == ["Turn one"]
    assert alone == {"said": ["Turn three"], "user": None, "past": [], "session": None}


def test_show_names_the_session_and_the_user(talking: Project):
    run = talking.tuiflow("run", "talk", "one", "--session", "s\x1b", "--user", "ann", "--detach")
    talking.json("events", run.stdout.strip(), "--follow")

    shown = talking.tuiflow("show", "last").stdout

    assert "· user ann" in shown
    assert "\x1b" not in shown


def test_an_empty_session_is_refused(talking: Project):
    ended = talking.tuiflow("run", "talk", "one", "--session", " ")

    assert ended.returncode == 2
    assert "an id is not empty" in ended.stderr
