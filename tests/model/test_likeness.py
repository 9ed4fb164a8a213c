"""What is told of a value to see later whether it has changed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel, ConfigDict

from tuiflow.model.likeness import likeness_of


class Colour(Enum):
    red = 1
    blue = 2


class Tag(BaseModel):
    model_config = ConfigDict(extra="allow")

    weight: float


class Item(BaseModel):
    tags: list[Tag]


class Place(NamedTuple):
    name: str


@dataclass
class Shelf:
    items: list[Item] = field(default_factory=list[Item])
    colour: Colour = Colour.red


def made() -> list[Any]:
    day: list[object] = [date(2026, 1, 2), Decimal("0.1"), UUID(int=1), Path("/a")]
    return [Shelf([Item(tags=[Tag(weight=0.5)])]), {"a": 1}, {1, 2}, (Place("x"),), day, True, None]


def put(value: list[Any], at: int, item: object) -> None:
    value[at] = item


CHANGES: list[Callable[[list[Any]], object]] = [
    lambda value: setattr(value[0].items[0].tags[0], "weight", 0.6),
    lambda value: setattr(value[0].items[0].tags[0], "more", 1),
    lambda value: value[0].items.clear(),
    lambda value: setattr(value[0], "colour", Colour.blue),
    lambda value: value[1].update(b=2),
    lambda value: value[2].add(3),
    lambda value: put(value, 3, (Place("y"),)),
    lambda value: put(value, 3, (("x",),)),
    lambda value: put(value[4], 1, Decimal("0.10")),
    lambda value: put(value, 5, 1),
    lambda value: put(value, 6, ""),
]


def test_what_has_not_changed_is_alike():
    value = made()

    assert likeness_of(value) is not None
    assert likeness_of(value) == likeness_of(value)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_in_place_is_seen_at_any_depth(change: Callable[[list[Any]], object]):
    value = made()
    before = likeness_of(value)

    change(value)

    assert likeness_of(value) is not None
    assert likeness_of(value) != before


def loop() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize("value", [object(), print, Counter("a"), loop(), type])
def test_of_what_nobody_knows_the_inside_nothing_is_told(value: object):
    assert likeness_of([value]) is None


def test_a_time_put_in_another_zone_is_seen_although_it_reads_alike():
    times = [datetime(2026, 1, 2, tzinfo=ZoneInfo("Europe/Berlin"))]
    before = likeness_of(times)

    times[0] = times[0].replace(tzinfo=ZoneInfo("Europe/Paris"))

    assert likeness_of(times) != before
