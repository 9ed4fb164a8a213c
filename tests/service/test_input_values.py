from dataclasses import replace
from datetime import date
from enum import Enum

import pytest
from pydantic import BaseModel, Field

from tuiflow import File, Image
from tuiflow.service.filling import fill, fill_list, read_filled
from tuiflow.service.input_fields import FieldKind, InputForm, form_fields, needs_typing
from tuiflow.service.input_values import (
    FieldError,
    problem_with,
    read_message,
)


class Mode(Enum):
    FULL = "full"
    DELTA = "delta"


class Window(BaseModel):
    hours: int = 24


class Wanted(BaseModel):
    day: date
    regions: list[str] = ["eu", "us"]
    mode: Mode = Mode.FULL
    limit: int = Field(default=10, ge=1, lt=100, description="Rows at most.")
    rate: float = 0.5
    dry_run: bool = False
    note: str | None = None
    window: Window = Window()


FIELDS = {field.name: field for field in form_fields(Wanted.model_json_schema())}


def test_each_type_of_a_model_has_its_kind_of_field():
    kinds = {name: field.kind for name, field in FIELDS.items()}

    assert kinds == {
        "day": FieldKind.DATE,
        "regions": FieldKind.LIST,
        "mode": FieldKind.CHOICE,
        "limit": FieldKind.INTEGER,
        "rate": FieldKind.NUMBER,
        "dry_run": FieldKind.BOOLEAN,
        "note": FieldKind.TEXT,
        "window": FieldKind.SECTION,
    }
    assert [name for name, field in FIELDS.items() if field.is_required] == ["day"]
    assert FIELDS["note"].is_nullable
    assert FIELDS["limit"].description == "Rows at most."


def test_a_medium_is_asked_for_as_a_path_or_url():
    class Post(BaseModel):
        picture: Image
        cover: Image | None = None
        notes: list[File] = []

    fields = form_fields(Post.model_json_schema())

    assert [(field.kind, field.hint) for field in fields] == [
        (FieldKind.PATH, "path or URL"),
        (FieldKind.PATH, "path or URL"),
        (FieldKind.LIST, "list of path or URL"),
    ]


def test_a_form_of_defaults_needs_no_typing():
    assert needs_typing(list(FIELDS.values()))
    assert not needs_typing([field for field in FIELDS.values() if not field.is_required])


def test_what_is_typed_becomes_what_the_model_takes():
    filled = {each.field.name: each for each in fill(InputForm(tuple(FIELDS.values())))}
    filled["day"] = replace(filled["day"], text="2026-08-23")
    filled["regions"] = fill_list(FIELDS["regions"], "eu-west\nus-east")

    read = read_filled(list(filled.values()))

    assert Wanted.model_validate(read) == Wanted(
        day=date(2026, 8, 23), regions=["eu-west", "us-east"]
    )


@pytest.mark.parametrize(
    ("name", "typed", "problem"),
    [
        ("day", "23.8.", "expected YYYY-MM-DD"),
        ("limit", "many", "expected a whole number, such as 42"),
        ("limit", "0", "at least 1"),
        ("limit", "100", "less than 100"),
        ("rate", "half", "expected a number, such as 0.5"),
        ("mode", "half", "expected one of full, delta"),
        ("window", "{", "not JSON at line 1, column 2"),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(name: str, typed: str, problem: str):
    assert problem_with(FIELDS[name], typed).startswith(problem)


def test_an_empty_field_is_no_problem_before_the_start():
    assert problem_with(FIELDS["day"], "") == ""
    with pytest.raises(FieldError, match="day: needed: date"):
        read_filled(fill(InputForm(tuple(FIELDS.values()))))


def test_the_single_box_takes_nothing_text_or_json():
    assert read_message("  ") is None
    assert read_message("load 23 August") == "load 23 August"
    assert read_message('{"day": 1}') == {"day": 1}
    with pytest.raises(FieldError, match="not JSON"):
        read_message("{day}")
