"""What stands in a form is what the worker's model makes of the value it was filled with."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from functools import partial
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, create_model

from tuiflow.engine.schemas import form_schema
from tuiflow.service.filling import fill, read_input_of
from tuiflow.service.input_fields import input_form


class Mode(Enum):
    FULL = "full"
    DELTA = "delta, of a day"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Window(BaseModel):
    hours: int = 24
    start: date
    names: list[str] = ["a"]


class Node(BaseModel):
    value: int
    next: "Node | None" = None


@dataclass
class Place:
    city: str
    size: float = 1.0
    tags: list[str] = field(default_factory=list[str])


FLOATS = st.floats(allow_nan=False, allow_infinity=False)
ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=5, minutes=30))])
TEXTS = st.one_of(st.text(), st.sampled_from(["", '""', " a ", "null", "[1]", "a,b", "a\nb", "5"]))
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, max_value=10**30, min_value=-(10**30))
DATES = st.dates()
WINDOWS = st.builds(Window, hours=st.integers(), start=DATES, names=st.lists(TEXTS, max_size=3))
PLACES = st.builds(Place, city=TEXTS, size=FLOATS, tags=st.lists(TEXTS, max_size=2))
NODES = st.recursive(
    st.builds(Node, value=st.integers(), next=st.none()),
    lambda inner: st.builds(Node, value=st.integers(), next=inner),
    max_leaves=4,
)
PLAIN: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (str, TEXTS),
    (int, st.integers()),
    (float, FLOATS),
    (bool, st.booleans()),
    (date, DATES),
    (datetime, st.datetimes(timezones=ZONES)),
    (Decimal, DECIMALS),
    (Path, st.sampled_from([Path(), Path("a b/c.txt"), Path("~/x"), Path("~"), Path(" x")])),
    (UUID, st.uuids()),
    (Literal["a", "1", 1, None], st.sampled_from(["a", "1", 1, None])),
    (Mode, st.sampled_from(Mode)),
    (Level, st.sampled_from(Level)),
]
DEEP: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (Window, WINDOWS),
    (Place, PLACES),
    (Node, NODES),
    (dict[str, int], st.dictionaries(st.text(), st.integers(), max_size=2)),
    (int | str, st.one_of(st.integers(), TEXTS)),
    (float | str, st.one_of(FLOATS, TEXTS)),
    (list[Window], st.lists(WINDOWS, max_size=2)),
    (tuple[int, str], st.tuples(st.integers(), TEXTS)),
    (Any, st.one_of(st.none(), st.integers(), TEXTS, st.lists(st.integers()))),
]
KINDS = [
    *PLAIN,
    *DEEP,
    *((list[kind], st.lists(values, max_size=4)) for kind, values in PLAIN),
    *((kind | None, st.one_of(st.none(), values)) for kind, values in (*PLAIN, *DEEP[:4])),
]


@st.composite
def filled_models(draw: st.DrawFn) -> tuple[type[BaseModel], BaseModel]:
    """Draw a model of any fields, required or with a default or a factory, and an instance."""
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for number, (kind, some) in enumerate(draw(st.lists(st.sampled_from(KINDS), max_size=4))):
        how = draw(st.sampled_from(["required", "default", "factory"]))
        default = draw(some)
        how_given = {
            "required": ...,
            "default": default,
            "factory": Field(default_factory=partial(deepcopy, default)),
        }
        fields[f"f{number}"] = (kind, how_given[how])
        if how == "required" or draw(st.booleans()):
            values[f"f{number}"] = draw(some)
    model = create_model("Drawn", **fields)
    return model, model(**values)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(filled_models(), st.booleans())
def test_any_model_filled_into_a_form_is_read_back_as_itself(
    drawn: tuple[type[BaseModel], BaseModel], as_given: bool
):
    model, instance = drawn
    form = input_form(form_schema(model))
    value = instance.model_dump(mode="json", exclude_unset=as_given)

    read = read_input_of(form, fill(form, value))

    assert model.model_validate(read) == instance
