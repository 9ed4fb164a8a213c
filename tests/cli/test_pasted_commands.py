"""The command a form copies, pasted into a real shell, is the run the form would have started."""

import json
import os
import sys
from hashlib import sha256
from pathlib import Path

from pydantic import JsonValue

from tests.cli.conftest import Project
from tuiflow.service.input_fields import Schema
from tuiflow.service.run_command import run_command
from tuiflow.service.run_input import RunInput

GREETING: Schema = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "times": {"type": "integer", "default": 1},
        "tags": {"type": "array", "items": {"type": "string"}, "default": []},
    },
}


def given_to_pasted(
    project: Project, name: str, schema: Schema | None, given: RunInput
) -> JsonValue:
    """Paste the command of a form into a shell, and say what its run was given."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = project.call(["bash"], stdin=run_command(name, schema, given), PATH=path)
    assert ended.returncode == 0, ended.stderr
    (started,) = [
        event for event in project.json("events", "last") if event["kind"] == "WorkflowStarted"
    ]
    content = started["input"]
    return [content["blob"] or content["value"], started.get("additional_data")]


def test_fields_with_everything_a_shell_would_read_arrive_as_they_stood(own_project: Project):
    name = 'it\'s `date` $HOME "x" \\ *\nsecond line!'
    value: JsonValue = {"name": name, "times": 2, "tags": ["a,b", "", "-c"]}

    given = given_to_pasted(own_project, "greeting", GREETING, RunInput(value))

    assert given == [value, None]


def test_a_message_that_looks_like_something_else_and_data_arrive_as_they_stood(
    own_project: Project,
):
    data: dict[str, JsonValue] = {"a": "1", "b c": [1, None], "d": "x=y $z"}

    given = given_to_pasted(own_project, "echo", None, RunInput("--day=1 -", data))

    assert given == ["--day=1 -", data]


def test_a_text_too_long_for_one_word_arrives_whole(own_project: Project):
    text = "it's long\n" * 30_000

    given = given_to_pasted(own_project, "echo", None, RunInput(text))

    assert given == [sha256(json.dumps(text).encode()).hexdigest(), None]
