"""Writes values as JSON with type tags, so that `typed_reading` makes the same of it again."""

import base64
import dataclasses
import math
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from numbers import Integral, Real
from operator import attrgetter, index, methodcaller
from pathlib import PurePath
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, JsonValue, RootModel

from tuiflow.model.imported_types import is_named_tuple, type_name
from tuiflow.model.media import Medium
from tuiflow.model.plain_json import TAG, VALUE

Write = Callable[[Any], JsonValue]
_MOST_TYPES = 1024  # whose way is kept in mind
_BIG_INT = 1 << 14_000
"""Python reads no decimal number back that is longer than this is."""
FACTORIES = (list, dict, set, int, float, str)
"""What a defaultdict may make its values with and still be stored."""


def write_typed(value: object) -> JsonValue:
    """Write a value with its type in tags; raises TypeError or ValueError where there is no way."""
    return _way_of(type(value))(value)


@lru_cache(_MOST_TYPES)
def _way_of(kind: type[Any]) -> Write:
    """Say how values of exactly this type are written: looked for once, not for each of them."""
    name = type_name(kind)
    way: Write = _WAYS.get(kind, _refuse)
    if issubclass(kind, BaseModel):
        is_root = issubclass(kind, RootModel)
        way = _through(name, attrgetter("root")) if is_root else _ModelWay(kind, name)
    elif issubclass(kind, Enum):
        way = _through(name, attrgetter("value"))
    elif issubclass(kind, Medium):
        way = _write_medium
    elif dataclasses.is_dataclass(kind):
        fields = [field.name for field in dataclasses.fields(kind)]
        way = _through(name, lambda made: {field: getattr(made, field) for field in fields})
    elif is_named_tuple(kind):
        way = _through(name, methodcaller("_asdict"))
    elif issubclass(kind, PurePath):
        way = _write_path
    elif kind not in _WAYS:
        way = _derived_way(kind, name)
    return way


def _derived_way(kind: type[Any], name: str) -> Write:
    plain = next((plain for plain in _PLAIN if issubclass(kind, plain)), None)
    return _refuse if plain is None else _write_derived(name, kind, _PLAIN[plain])


def _through(name: str, take: Callable[[Any], object]) -> Write:
    return lambda value: _tagged(name, write_typed(take(value)))


class _ModelWay:
    """How models of one class are written: those of a list all together, field by field."""

    def __init__(self, kind: type[BaseModel], name: str) -> None:
        self._name = name
        self._fields = tuple(kind.model_fields)
        self._takes_more = kind.model_config.get("extra") == "allow"

    def __call__(self, model: BaseModel) -> JsonValue:
        return self.write_all([model])[0]

    def write_all(self, models: Sequence[BaseModel]) -> list[JsonValue]:
        rows = [vars(model) for model in models]
        fields = self._fields
        if len(models) == 1:
            # One that was made without validation may lack some.
            fields = tuple(name for name in fields if name in rows[0])
        try:
            columns = [[row[name] for row in rows] for name in fields]
        except KeyError:
            return [self(model) for model in models]
        written = [self._write_field(n, models, c) for n, c in zip(fields, columns, strict=True)]
        by_model = zip(*written, strict=True) if fields else [()] * len(models)
        parts: list[dict[str, JsonValue]]
        parts = [dict(zip(fields, row, strict=True)) for row in by_model]
        if self._takes_more:
            for part, model in zip(parts, models, strict=True):
                part |= {
                    key: write_typed(value) for key, value in (model.model_extra or {}).items()
                }
        return [{TAG: self._name, VALUE: part} for part in parts]

    def _write_field(
        self, name: str, models: Sequence[BaseModel], values: list[object]
    ) -> list[JsonValue]:
        if (alike := _write_alike(values)) is not None:
            return alike
        written: list[JsonValue] = []
        for model, value in zip(models, values, strict=True):
            try:
                written.append(_way_of(type(value))(value))
            except TypeError:
                written.append(_dump_field(model, name))
        return written


def _write_alike(values: Sequence[Any]) -> list[JsonValue] | None:
    """Write values all of one type that surely has a stored form; None for others."""
    kinds = set(map(type, values))
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    if kind in _SURE:
        return list(map(_WAYS[kind], values))
    way = _way_of(kind)
    return way.write_all(values) if isinstance(way, _ModelWay) else None


def _dump_field(model: BaseModel, name: str) -> JsonValue:
    # A type that only its model can write, and read again.
    dumped = model.model_dump(mode="json", include={name}, by_alias=False, warnings="none")
    if name not in dumped or not _comes_back(model, name, dumped[name]):
        raise ValueError(f"{type_name(type(model))}.{name} has no stored form")
    return write_typed(dumped[name])


def _comes_back(model: BaseModel, name: str, dumped: object) -> bool:
    given = {**vars(model), name: dumped}
    try:
        made = type(model).model_validate(given, by_name=True)
    except Exception:  # noqa: BLE001 - a validator of its author may raise anything
        return False
    return _is_alike(getattr(made, name), getattr(model, name))


def _is_alike(made: Any, value: Any) -> bool:
    """Say whether what was read is of the same types, or the plain form of them, all through."""
    kind: type[Any] = type(made)
    if kind is not type(value):
        return isinstance(value, kind) and bool(made == value)
    if issubclass(kind, dict):
        return all(map(_is_alike, made.values(), value.values()))
    if issubclass(kind, list | tuple):
        return all(map(_is_alike, made, value))
    return not issubclass(kind, set | frozenset) or {*map(type, made)} == {*map(type, value)}


def _tagged(tag: str, value: JsonValue) -> JsonValue:
    return {TAG: tag, VALUE: value}


def _as_it_is(value: Any) -> JsonValue:
    return value


def _write_int(value: int) -> JsonValue:
    return value if -_BIG_INT < value < _BIG_INT else _tagged("int", hex(value))


def _write_medium(medium: Medium) -> JsonValue:
    return _tagged(medium.kind, medium.to_plain())


def _write_float(value: float) -> JsonValue:
    return value if math.isfinite(value) else _tagged("float", repr(value))


def _write_text(value: str) -> JsonValue:
    if _is_whole(value):
        return value
    return _tagged("str", value.encode("utf-8", "surrogatepass").hex())


def _is_whole(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _write_list(value: list[object]) -> JsonValue:
    if (alike := _write_alike(value)) is not None:
        return alike
    return [_way_of(type(item))(item) for item in value]


def _write_dict(value: dict[Any, object]) -> JsonValue:
    if TAG not in value and all(type(key) is str and _is_whole(key) for key in value):
        return {key: _way_of(type(item))(item) for key, item in value.items()}
    return _tagged("dict", [[write_typed(key), write_typed(item)] for key, item in value.items()])


def _write_members(value: Collection[object]) -> JsonValue:
    return _tagged(type(value).__name__, [write_typed(item) for item in value])


def _write_mapping(value: Mapping[object, object]) -> JsonValue:
    return _tagged(type(value).__name__, write_typed(dict(value)))


def _write_defaultdict(value: defaultdict[object, object]) -> JsonValue:
    if value.default_factory not in FACTORIES:
        return _refuse(value)
    tag = f"defaultdict {value.default_factory.__name__}"
    return _tagged(tag, write_typed(dict(value)))


def _write_path(value: PurePath) -> JsonValue:
    return _tagged("Path", str(value))


def _write_datetime(value: datetime) -> JsonValue:
    # The zone's name stands behind the offset: https://www.rfc-editor.org/rfc/rfc9557
    zone = f"[{value.tzinfo.key}]" if isinstance(value.tzinfo, ZoneInfo) else ""
    return _tagged("datetime", value.isoformat() + zone)


def _write_derived(name: str, kind: type[Any], take: Callable[[Any], object]) -> Write:
    def write(value: Any) -> JsonValue:
        plain = take(value)
        made = kind(plain)
        is_same = made == value or (made != made and value != value)  # noqa: PLR0124 - no number
        if type(made) is not kind or not is_same or getattr(value, "__dict__", None):
            raise TypeError(f"{name} is not made of its plain value alone")
        return _tagged(name, write_typed(plain))

    return write


def _refuse(value: object) -> JsonValue:
    raise TypeError(f"{type_name(type(value))} has no stored form")


_WAYS: dict[type[Any], Write] = {
    **dict.fromkeys((type(None), bool), _as_it_is),
    **dict.fromkeys((tuple, set, frozenset), _write_members),
    **dict.fromkeys((Counter, OrderedDict), _write_mapping),
    int: _write_int,
    str: _write_text,
    float: _write_float,
    list: _write_list,
    dict: _write_dict,
    defaultdict: _write_defaultdict,
    bytes: lambda value: _tagged("bytes", base64.b64encode(value).decode()),
    timedelta: lambda value: _tagged("timedelta", [value.days, value.seconds, value.microseconds]),
    datetime: _write_datetime,
    date: lambda value: _tagged("date", value.isoformat()),
    time: lambda value: _tagged("time", value.isoformat()),
    Decimal: lambda value: _tagged("Decimal", str(value)),
    UUID: lambda value: _tagged("UUID", str(value)),
}
_SURE = frozenset({type(None), bool, int, float, str})
_PLAIN: dict[type[Any], Callable[[Any], object]] = {
    # As the plain type does it: a class of its own may write itself in another way.
    str: str.__str__,
    Integral: index,
    Real: float,
}
