"""Values as JSON with type tags, and back to the same types.

Reading back looks types up in what is already imported. No name found in a database is ever
imported, and nothing is unpickled.
"""

import base64
import dataclasses
import math
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import partial
from pathlib import Path, PurePath
from typing import Any, cast
from uuid import UUID

from pydantic import BaseModel, JsonValue, RootModel

from tuiflow.model.imported_types import NotRestorableError, find_type, is_named_tuple, type_name
from tuiflow.model.media import MEDIA_CLASSES, Medium
from tuiflow.model.plain_json import TAG, VALUE

_FACTORIES = (list, dict, set, int, float, str)
"""What a defaultdict may make its values with and still be stored."""


def write_typed(value: object) -> JsonValue:
    """Write a value with its type in tags; raises TypeError or ValueError where there is no way."""
    if value is None or type(value) in (bool, int):
        return cast("JsonValue", value)
    if type(value) is str:
        return value if value.isascii() else _write_text(value)
    if type(value) is float:
        return value if math.isfinite(value) else _tagged("float", repr(value))
    if type(value) is list:
        return [write_typed(item) for item in cast("list[object]", value)]
    if type(value) is dict:
        return _write_dict(cast("dict[object, object]", value))
    return _write_structured(value)


def read_typed(tagged: object) -> object:
    """Read what `write_typed` wrote; raises NotRestorableError for a type that is not there."""
    if isinstance(tagged, list):
        return [read_typed(item) for item in cast("list[object]", tagged)]
    if isinstance(tagged, dict):
        parts = cast("dict[str, object]", tagged)
        if TAG in parts and VALUE in parts:
            return _read_tagged(str(parts[TAG]), parts[VALUE])
        return {key: read_typed(item) for key, item in parts.items()}
    return tagged


def _tagged(tag: str, value: JsonValue) -> JsonValue:
    return {TAG: tag, VALUE: value}


def _write_text(value: str) -> JsonValue:
    if _is_whole(value):
        return value
    return _tagged("str", value.encode("utf-8", "surrogatepass").hex())


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _write_dict(value: dict[Any, object]) -> JsonValue:
    if TAG not in value and all(type(key) is str and _is_whole(key) for key in value):
        return {key: write_typed(item) for key, item in value.items()}
    return _tagged("dict", [[write_typed(key), write_typed(item)] for key, item in value.items()])


def _write_structured(value: object) -> JsonValue:
    name = type_name(type(value))
    match value:
        case BaseModel():
            return _tagged(name, _write_model(value))
        case Enum():
            return _tagged(name, write_typed(value.value))
        case Medium():
            return _tagged(value.kind, value.to_plain())
        case _ if dataclasses.is_dataclass(value):
            fields = dataclasses.fields(cast("Any", value))
            return _tagged(name, {f.name: write_typed(getattr(value, f.name)) for f in fields})
        case tuple() if is_named_tuple(type(cast("object", value))):
            return _tagged(name, write_typed(cast("Any", value)._asdict()))
        case _:
            return _write_collection(value)


def _write_model(model: BaseModel) -> JsonValue:
    if isinstance(model, RootModel):
        return write_typed(cast("RootModel[object]", model).root)
    values, fields = vars(model), type(model).model_fields
    parts = {name: _write_field(model, name, values[name]) for name in fields if name in values}
    extra = {name: write_typed(item) for name, item in (model.model_extra or {}).items()}
    return parts | extra


def _write_field(model: BaseModel, name: str, value: object) -> JsonValue:
    try:
        return write_typed(value)
    except TypeError:
        # A type that only its model can write, and read again.
        dumped = model.model_dump(mode="json", include={name}, by_alias=False, warnings="none")
        if name not in dumped:
            raise
        return dumped[name]


def _write_collection(value: object) -> JsonValue:
    kind = type(value)
    tag = kind.__name__
    if kind in (tuple, set, frozenset):
        return _tagged(tag, [write_typed(item) for item in cast("Iterable[object]", value)])
    if kind is defaultdict:
        factory = getattr(value, "default_factory", None)
        tag = f"{tag} {getattr(factory, '__name__', '')}" if factory in _FACTORIES else ""
    if kind in (Counter, OrderedDict, defaultdict) and tag:
        return _tagged(tag, write_typed(dict(cast("Mapping[object, object]", value))))
    return _write_scalar(value)


def _write_scalar(value: object) -> JsonValue:
    match value:
        case bytes():
            return _tagged("bytes", base64.b64encode(value).decode())
        case timedelta():
            return _tagged("timedelta", [value.days, value.seconds, value.microseconds])
        case datetime() | date() | time():
            return _tagged(type(value).__name__, value.isoformat())
        case Decimal() | UUID():
            return _tagged(type(value).__name__, str(value))
        case PurePath():
            return _tagged("Path", str(value))
        case _:
            raise TypeError(f"{type_name(type(value))} has no stored form")


def _read_mapping(make: Callable[[Any], object], items: object) -> object:
    return make(read_typed(items))


_READ: dict[str, Callable[[Any], object]] = {
    "str": lambda text: bytes.fromhex(text).decode("utf-8", "surrogatepass"),
    "float": float,
    "bytes": base64.b64decode,
    "timedelta": lambda parts: timedelta(*parts),
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "Decimal": Decimal,
    "UUID": UUID,
    "Path": Path,
    "tuple": lambda items: tuple(read_typed(item) for item in items),
    "set": lambda items: {read_typed(item) for item in items},
    "frozenset": lambda items: frozenset(read_typed(item) for item in items),
    "dict": lambda pairs: {read_typed(key): read_typed(item) for key, item in pairs},
    "Counter": lambda counts: _read_mapping(Counter, counts),
    "OrderedDict": lambda items: _read_mapping(OrderedDict, items),
    **{
        f"defaultdict {factory.__name__}": partial(_read_mapping, partial(defaultdict, factory))
        for factory in _FACTORIES
    },
    **{kind: made.from_plain for kind, made in MEDIA_CLASSES.items()},
}


def _read_tagged(tag: str, value: object) -> object:
    try:
        return _READ[tag](value) if tag in _READ else _make(find_type(tag), read_typed(value))
    except NotRestorableError:
        raise
    except Exception as error:
        raise NotRestorableError(f"stored {tag} no longer fits its type: {error}") from error


def _make(kind: type[Any], read: Any) -> object:
    if issubclass(kind, RootModel):
        return cast("type[RootModel[object]]", kind).model_validate(read)
    if issubclass(kind, BaseModel):
        return kind.model_validate(read, by_name=True)
    if issubclass(kind, Enum):
        return kind(read)
    if not dataclasses.is_dataclass(kind):
        return kind(**read)
    given = {field.name for field in dataclasses.fields(kind) if field.init}
    made = kind(**{name: read[name] for name in read if name in given})
    for name, item in read.items():
        # Also what its class sets by itself, and however it guards itself against changes.
        object.__setattr__(made, name, item)
    return made
