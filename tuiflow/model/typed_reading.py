"""Reads values that `typed_json` wrote back to the same types.

Types are looked up in what is already imported. No name found in a database is ever imported,
and nothing is unpickled.
"""

import base64
import dataclasses
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import partial
from numbers import Real
from pathlib import Path
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, RootModel

from tuiflow.model.imported_types import NotRestorableError, find_type
from tuiflow.model.media import MEDIA_CLASSES
from tuiflow.model.plain_json import TAG, VALUE
from tuiflow.model.typed_json import FACTORIES


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


def _read_datetime(text: str) -> datetime:
    moment, _, zone = text.removesuffix("]").partition("[")
    read = datetime.fromisoformat(moment)
    return read.astimezone(ZoneInfo(zone)) if zone else read


def _read_mapping(make: Callable[[Any], object], items: object) -> object:
    return make(read_typed(items))


_READ: dict[str, Callable[[Any], object]] = {
    "str": lambda text: bytes.fromhex(text).decode("utf-8", "surrogatepass"),
    "float": float,
    "int": lambda text: int(text, 16),
    "bytes": base64.b64decode,
    "timedelta": lambda parts: timedelta(*parts),
    "datetime": _read_datetime,
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
        for factory in FACTORIES
    },
    **{kind: made.from_plain for kind, made in MEDIA_CLASSES.items()},
}


def _read_tagged(tag: str, value: object) -> object:
    try:
        return _READ[tag](value) if tag in _READ else _make(find_type(tag), read_typed(value))
    except (NotRestorableError, RecursionError):
        raise
    except Exception as error:
        raise NotRestorableError(f"stored {tag} no longer fits its type: {error}") from error


def _make(kind: type[Any], read: Any) -> object:
    if issubclass(kind, RootModel):
        return cast("type[RootModel[object]]", kind).model_validate(read)
    if issubclass(kind, BaseModel):
        return kind.model_validate(read, by_name=True)
    make: Callable[..., object] = kind
    if issubclass(kind, Enum):
        return make(read)
    if not dataclasses.is_dataclass(kind):
        return make(read) if issubclass(kind, str | Real) else make(**read)
    given = {field.name for field in dataclasses.fields(kind) if field.init}
    made = kind(**{name: read[name] for name in read if name in given})
    for name, item in read.items():
        # Also what its class sets by itself, and however it guards itself against changes.
        object.__setattr__(made, name, item)
    return made
