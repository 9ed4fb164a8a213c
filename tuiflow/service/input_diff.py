"""What differs between two inputs, field by field."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

_NOT_GIVEN = "–"


@dataclass(frozen=True)
class Difference:
    """One field with what stood in it before and now, as text."""

    name: str
    before: str
    now: str


def differences(before: JsonValue, now: JsonValue, name: str = "") -> Iterator[Difference]:
    """Yield the fields that differ, those of nested objects by `outer.inner`."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in {**before, **now}:
            inner = f"{name}.{key}" if name else key
            if key in before and key in now:
                yield from differences(before[key], now[key], inner)
            else:
                yield Difference(inner, _text(before, key), _text(now, key))
    elif json.dumps(before) != json.dumps(now):
        yield Difference(name, _text({"": before}, ""), _text({"": now}, ""))


def _text(values: dict[str, JsonValue] | JsonValue, key: str) -> str:
    given = cast("dict[str, JsonValue]", values)
    if key not in given:
        return _NOT_GIVEN
    value = given[key]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
