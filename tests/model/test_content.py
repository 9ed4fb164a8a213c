import json
from collections import Counter, OrderedDict, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    RootModel,
    SecretStr,
    computed_field,
)
from pydantic_core import CoreSchema, core_schema

from tuiflow.model.content import (
    NotRestorableError,
    StoredContent,
    decode_content,
    encode_content,
    plain_json,
)

T = TypeVar("T")


class Order(BaseModel):
    id: int
    total: Decimal


class Colour(Enum):
    red = "r"


class Number(IntEnum):
    one = 1


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


class Lines(NamedTuple):
    first: int
    colour: Colour


@dataclass
class Summed:
    parts: list[Decimal]
    total: Decimal = field(init=False)

    def __post_init__(self) -> None:
        self.total = sum(self.parts, Decimal())
        self.parts = [*self.parts, self.total]


class Priced(Order):
    price: Decimal


class Page(BaseModel, Generic[T]):
    items: list[T]


class Root(RootModel[list[int]]):
    pass


class Anything(BaseModel):
    """What JSON alone would bring back as something else, or not at all."""

    model_config = ConfigDict(strict=True, extra="allow")

    orders: list[Order] = []
    free: Any = None
    raw: bytes = b""
    number: float = 0
    address: HttpUrl | None = None
    called: int = Field(default=0, alias="calledSo")
    left_out: int = Field(default=0, exclude=True)

    @computed_field
    @property
    def count(self) -> int:
        return len(self.orders)


class Empty(BaseModel):
    pass


class Celsius:
    """A type that only a model can write, and read again."""

    def __init__(self, degrees: float) -> None:
        self.degrees = degrees

    def __repr__(self) -> str:
        return f"{self.degrees} °C"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Celsius) and other.degrees == self.degrees

    @classmethod
    def read(cls, value: object) -> "Celsius":
        match value:
            case Celsius():
                return value
            case {"$type": float(degrees)}:
                return cls(degrees)
            case _:
                raise ValueError("no temperature")

    @classmethod
    def __get_pydantic_core_schema__(cls, _: object, handler: object) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(
            lambda value: {"$type": value.degrees, "value": "looks like a tag"}
        )
        return core_schema.no_info_plain_validator_function(cls.read, serialization=written)


class Weather(BaseModel):
    at: Celsius | Decimal


def nested(depth: int) -> list[object]:
    return [nested(depth - 1)] if depth else []


ORDER = Order(id=1, total=Decimal("1.50"))


@pytest.mark.parametrize(
    "value",
    [
        ORDER,
        Anything(
            orders=[Priced(id=1, total=Decimal(2), price=Decimal(1))],
            free={"when": date(2026, 1, 2), "what": ORDER, "how": (1, Colour.red)},
            raw=b"\xff\x00",
            number=float("inf"),
            address=HttpUrl("https://p.example/a"),
            calledSo=3,
            left_out=4,
            more=UUID(int=1),  # type: ignore[call-arg]
        ),
        Page[Priced](items=[Priced(id=1, total=Decimal(2), price=Decimal(1))]),
        Root([1, 2]),
        Summed([Decimal("0.1"), Decimal("0.2")]),
        Lines(1, Colour.red),
        Number.one,
        Counter("aab"),
        OrderedDict(b=1, a=2),
        defaultdict(list, a=[1]),
        [Order(id=1, total=Decimal(2))],
        [ORDER, Priced(id=1, total=Decimal(2), price=Decimal(1)), ORDER],
        [Anything(left_out=1, number=0.5), Anything(number=1.0, more=(1, 2))],  # type: ignore[call-arg]
        [Empty(), Empty()],
        [Weather(at=Celsius(1.5)), Weather(at=Decimal(1)), Weather(at=Celsius(2.0))],
        nested(220),
        nested(300),
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
    assert repr(back) == repr(value)
    assert type(back) is type(value) or isinstance(value, Path)


@pytest.mark.parametrize("value", [10**5000, [1, -(10**5000)]], ids=["number", "list"])
def test_a_number_longer_than_python_writes_comes_back(value: object):
    assert through_json(value) == value


def test_models_made_without_validation_are_written_with_what_they_have():
    made = [Order.model_construct(id=1), ORDER, Order.model_construct(total=Decimal(2), id=True)]

    written = encode_content(made).stored.value

    one, other = {"$type": "Decimal", "value": "1.50"}, {"$type": "Decimal", "value": "2"}
    assert [each["value"] for each in written] == [
        {"id": 1},
        {"id": 1, "total": one},
        {"id": True, "total": other},
    ]


class Broken:
    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    "value",
    [
        object(),
        Broken(),
        SecretStr("key"),
        Anything(free=SecretStr("key")),
        lambda: 1,
        defaultdict[str, object](object),
    ],
)
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
