from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, RootModel

from tuiflow.errors import InputError
from tuiflow.service.typed_input import read_data, read_input


class Daily(BaseModel):
    day: str
    limit: int = 3
    share: float = 0.5
    dry_run: bool = False
    region: Literal["eu", "us"] = "eu"
    tags: list[str] = []
    counts: list[int] = []
    note: str | None = None
    table: dict[str, int] = {}


SCHEMA = Daily.model_json_schema()


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("day=2026-01-02", {"day": "2026-01-02"}),
        ("day=12", {"day": "12"}),
        ("day=a=b", {"day": "a=b"}),
        ("limit=-4", {"limit": -4}),
        ("share=1e-3", {"share": 0.001}),
        ("dry_run=yes", {"dry_run": True}),
        ("dry_run=0", {"dry_run": False}),
        ("region=us", {"region": "us"}),
        ("tags=a, b", {"tags": ["a", "b"]}),
        ('tags=["a,b"]', {"tags": ["a,b"]}),
        ("counts=1,2", {"counts": [1, 2]}),
        ("note=null", {"note": None}),
        ("note=null and void", {"note": "null and void"}),
        ('table={"a": 1}', {"table": {"a": 1}}),
    ],
)
def test_a_pair_is_read_as_its_field_says(word: str, value: object):
    assert read_input([word], None, SCHEMA) == value


@pytest.mark.parametrize(
    "word", ["limit=x", "share=x", "dry_run=perhaps", "region=asia", "counts=1,x", "table={"]
)
def test_a_value_that_does_not_fit_names_its_field_and_itself(word: str):
    name, _, text = word.partition("=")

    with pytest.raises(InputError, match=f"^{name}: ") as refused:
        read_input([word], None, SCHEMA)

    assert text[-1] in str(refused.value)


def test_an_unknown_field_lists_the_known_ones():
    with pytest.raises(InputError, match="no field 'dya'; its fields: day, limit"):
        read_input(["dya=1"], None, SCHEMA)


def test_a_text_for_a_workflow_with_fields_says_to_use_them():
    with pytest.raises(InputError, match="has fields: give day=… limit=…"):
        read_input(["hello"], None, SCHEMA)


def test_without_a_schema_values_are_json_or_text():
    assert read_input(["a=1", "b=x", "c=[1]", "d=NaN"], None, None) == {
        "a": 1,
        "b": "x",
        "c": [1],
        "d": "NaN",
    }
    assert read_input(["hello world"], None, None) == "hello world"
    assert read_input([], None, None) is None


def test_an_input_that_is_a_list_is_read_from_one_text():
    schema = RootModel[list[int]].model_json_schema()

    assert read_input(["1,2"], None, schema) == [1, 2]
    with pytest.raises(InputError, match="input: "):
        read_input(["1,x"], None, schema)
    with pytest.raises(InputError, match="has no fields"):
        read_input(["a=1"], None, schema)


def test_json_comes_from_the_option_a_file_or_stdin(tmp_path: Path):
    file = tmp_path / "input.json"
    file.write_text('{"day": "x"}')

    assert read_input([], '"text"', None) == "text"
    assert read_input([], f"@{file}", SCHEMA) == {"day": "x"}
    assert read_input([], "-", None, piped="[1]") == [1]


def test_a_lone_dash_stands_for_the_text_on_stdin():
    assert read_input(["-"], None, None, piped="a long text\n") == "a long text\n"


@pytest.mark.parametrize(
    ("words", "given", "told"),
    [
        ([], '{"a": ', "--input is not JSON: .* line 1, column 7"),
        ([], "NaN", "--input is not JSON: NaN"),
        pytest.param([], "[" * 9999, "is not JSON: (maximum recursion|Expecting)", id="deep"),
        ([], "@/nowhere.json", "--input @/nowhere.json: No such file"),
        (["a=1"], "{}", "one input"),
        (["hello", "world"], None, "'hello' is not key=value"),
        (["a=1", "a=2"], None, "a is given twice"),
    ],
)
def test_an_input_that_cannot_be_read_says_why(words: list[str], given: str | None, told: str):
    with pytest.raises(InputError, match=told):
        read_input(words, given, None)


def test_additional_data_is_pairs():
    assert read_data(["a=1", "b=x"]) == {"a": 1, "b": "x"}
    assert read_data([]) is None
    with pytest.raises(InputError, match="--data 'x' is not key=value"):
        read_data(["x"])
