from dataclasses import dataclass

import pytest
from pydantic import BaseModel

from tuiflow.model.weight import is_heavier


class Item(BaseModel):
    name: str
    sizes: list[int]


@dataclass
class Shelf:
    items: list[Item]


class Counted(dict[int, object]):
    looks = 0

    def values(self):
        type(self).looks += 1
        return super().values()


@pytest.mark.parametrize(
    ("value", "is_heavy"),
    [
        (1, False),
        ("x" * 50_000, False),
        ("x" * 150_000, True),
        (b"x" * 150_000, True),
        ([0] * 900, False),
        ([0] * 1100, True),
        (Item(name="a", sizes=[0] * 1100), True),
        (Shelf([Item(name="a", sizes=[1, 2])] * 200), True),
        ({"a": {"b": [(0, 1)] * 600}}, True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_text_collections_models_and_dataclasses_weigh_what_is_in_them(value, is_heavy):
    assert is_heavier(value, 1000) is is_heavy


def test_what_is_heavy_already_is_looked_at_no_further():
    value: object = 1
    for _ in range(5):
        value = Counted(dict.fromkeys(range(20), value))

    assert is_heavier(value, 1000)
    assert Counted.looks < 200
