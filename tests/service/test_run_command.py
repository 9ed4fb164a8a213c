"""The command of a form, split by a shell's rules and read by the real parser, is the same run."""

import json
import shlex
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, JsonValue

from tests.service.test_filling import filled_models
from tuiflow.cli.arguments import parse_arguments
from tuiflow.engine.schemas import form_schema
from tuiflow.model.ids import NodePath, RunId
from tuiflow.service.input_fields import Schema
from tuiflow.service.run_command import rerun_command, run_command
from tuiflow.service.run_input import RunInput
from tuiflow.service.typed_input import read_data, read_input

JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
        st.sampled_from(["-", "a=1", "-x", "null", "it's", "$HOME", "a\tb\n", "\x1b[31m", "!1"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def read_back(command: str, schema: Schema | None) -> JsonValue:
    line, _, piped = command.partition(" <<'END'\n")
    arguments = parse_arguments(shlex.split(line)[1:])
    return read_input(arguments.words, arguments.input, schema, piped=piped.removesuffix("\nEND"))


@settings(max_examples=25, deadline=None)
@given(JSON)
def test_the_command_of_a_message_gives_the_same_input(value: JsonValue):
    command = run_command("work", None, RunInput(value))

    assert json.dumps(read_back(command, None)) == json.dumps(value)
    assert "\x1b" not in command


@settings(max_examples=25, deadline=None)
@given(filled_models())
def test_the_command_of_a_form_gives_the_same_model(drawn: tuple[type[BaseModel], BaseModel]):
    model, instance = drawn
    schema = form_schema(model)
    value = instance.model_dump(mode="json")

    read = read_back(run_command("work", schema, RunInput(value)), schema)

    assert model.model_validate(read or {}) == instance


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.text(), JSON, max_size=3),
    st.text(min_size=1),
    st.sampled_from(["", "ann", "-s"]),
)
def test_what_else_a_run_is_given_stands_in_its_command(
    data: dict[str, JsonValue], place: str, session: str
):
    given_ = RunInput("tea", data, {"images": [place, "-x.png"]}, session_id=session, user_id="-u")

    arguments = parse_arguments(shlex.split(run_command("work", None, given_))[1:])

    assert json.dumps(read_data(arguments.data) or {}) == json.dumps(data)
    assert list(arguments.images) == [place, "-x.png"]
    assert (arguments.name, arguments.words, arguments.user) == ("work", ["tea"], "-u")
    assert (arguments.session or "") == session


def test_an_input_too_long_for_a_word_goes_through_stdin(tmp_path: Path):
    text = "long words " * 100_000

    command = run_command("work", None, RunInput(text), ["--db", str(tmp_path / "a b.db")])

    assert command.startswith(f"tuiflow run work --input=- --db '{tmp_path}/a b.db' <<'END'\n")
    assert read_back(command, None) == text


def test_a_rerun_names_its_run_its_node_and_its_input():
    command = rerun_command(RunId("0198-7f3a"), NodePath("w/look at/it's"), {"day": "é"})

    arguments = parse_arguments(shlex.split(command)[1:])
    assert (arguments.command, arguments.run) == ("rerun", "0198-7f3a")
    assert arguments.from_path == "w/look at/it's"
    assert arguments.input is not None
    assert json.loads(arguments.input) == {"day": "é"}
