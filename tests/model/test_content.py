import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from tuiflow.model.content import (
    NotRestorableError,
    StoredContent,
    decode_content,
    encode_content,
    plain_json,
)


class Order(BaseModel):
    id: int
    total: Decimal


class Colour(Enum):
    red = "r"


@dataclass
class Point:
    x: int
    tags: tuple[str, ...] = ()


def through_json(value: object) -> object:
    encoded = encode_content(value)
    stored = StoredContent.model_validate_json(encoded.stored.model_dump_json())
    return decode_content(stored, encoded.blob)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=10,
)


@given(json_values)
def test_json_comes_back_as_it_was(value: object):
    assert through_json(value) == value


@pytest.mark.parametrize(
    "value",
    [
        Order(id=1, total=Decimal("1.50")),
        [Order(id=1, total=Decimal(2))],
        {"a": (1, 2), 3: {4}, "$type": "x", "value": 1},
        Point(1, ("a",)),
        Colour.red,
        datetime(2026, 1, 2, tzinfo=UTC),
        date(2026, 1, 2),
        timedelta(microseconds=5),
        Decimal("0.1"),
        UUID(int=7),
        b"\x00\xff",
        Path("/a/b"),
        float("inf"),
        "\udc80",
        "x" * 100_000,
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_come_back_with_their_types(value: object):
    back = through_json(value)

    assert back == value
    assert type(back) is type(value) or isinstance(value, Path)


class Broken:
    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize("value", [object(), Broken(), SecretStr("key"), lambda: 1])
def test_what_has_no_stored_form_is_a_preview_that_is_not_given_back(value: object):
    stored = encode_content(value).stored

    assert not stored.restorable
    assert "key" not in stored.model_dump_json()
    with pytest.raises(NotRestorableError):
        decode_content(stored)


def test_a_type_that_is_not_imported_is_never_imported():
    stored = StoredContent(value={"$type": "antigravity:thing", "value": {}})

    with pytest.raises(NotRestorableError, match="not among what this process has imported"):
        decode_content(stored)


def test_for_a_person_the_tags_are_gone():
    stored = encode_content({1: Order(id=1, total=Decimal("1.5"))}).stored

    assert plain_json(stored.value) == {"1": {"id": 1, "total": "1.5"}}
    assert json.dumps(plain_json(stored.value))


def test_the_preview_of_a_big_value_has_no_type_tags():
    pages = [Path(f"page_{number}") for number in range(1000)]

    stored = encode_content(pages).stored

    assert stored.blob is not None
    assert stored.preview.startswith('["page_0","page_1",')
    assert len(stored.preview) == 200
