"""Guesses how long a value takes to write, in no time: of what repeats it looks at the first."""

import dataclasses
from collections.abc import Collection
from typing import Any, cast

from pydantic import BaseModel

_CHARS = 100  # of a text take as long as one number
_FEW = 20
"""Members of a collection that are each looked at."""
_DEEPEST = 5


def is_heavier(value: object, weight: int) -> bool:
    """Say whether it is worth more plain values than that: a thousand take about a millisecond."""
    return _weigh(value, weight, _DEEPEST) > weight


def _weigh(value: object, most: int, depth: int) -> int:
    if isinstance(value, str | bytes):
        return 1 + len(value) // _CHARS
    members = _members(value) if depth else ()
    if len(members) > _FEW:
        return len(members) * _weigh(next(iter(members)), most, depth - 1)
    weight = 1
    for member in members:
        # Twenty members five deep are three million: what is heavy already is looked at no more.
        if weight > most:
            break
        weight += _weigh(member, most - weight, depth - 1)
    return weight


def _members(value: Any) -> Collection[object]:
    match value:
        case dict():
            return cast("dict[object, object]", value).values()
        case list() | tuple() | set() | frozenset():
            return cast("Collection[object]", value)
        case BaseModel():
            return vars(value).values()
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return [getattr(value, each.name, None) for each in dataclasses.fields(value)]
        case _:
            return ()
