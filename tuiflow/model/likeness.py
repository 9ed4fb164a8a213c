"""Tells whether a value is still what it was, several times as fast as it could be written again.

What is made for that is only compared: nothing reads it.
"""

import dataclasses
import pickle
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache, partial
from io import BytesIO
from operator import attrgetter
from pathlib import PurePath
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from tuiflow.model.imported_types import is_named_tuple

_MOST_TYPES = 1024  # whose parts are kept in mind
_UNCHANGING = (date, datetime, time, timedelta, Decimal, UUID)


def likeness_of(value: object) -> bytes | None:
    """Give what is the same for the same object as long as all in it stays the same.

    None where that cannot be said: of other types than lists, dicts, models and the like.
    """
    told = BytesIO()
    teller = _Teller(told, pickle.HIGHEST_PROTOCOL)
    teller.fast = True  # tells a part that stands there twice as two that are equal
    try:
        teller.dump(value)
    except (TypeError, ValueError, RecursionError, pickle.PicklingError):
        return None
    return told.getvalue()


class _Teller(pickle.Pickler):
    """Asks what is no plain value for its parts, and never for its own idea of them."""

    def reducer_override(self, obj: Any, /) -> Any:
        if obj is _made:
            return NotImplemented
        kind: type[Any] = type(obj)
        return _made, (id(kind), _parts_of(kind)(obj))


def _made(*_: object) -> None:
    """Stand for whatever has these parts."""


@lru_cache(_MOST_TYPES)
def _parts_of(kind: type[Any]) -> Callable[[Any], object]:
    parts = _refuse
    if issubclass(kind, BaseModel):
        parts = attrgetter("__dict__", "__pydantic_extra__")
    elif issubclass(kind, Enum):
        parts = attrgetter("value")
    elif issubclass(kind, PurePath) or kind in _UNCHANGING:
        # With its zone: two times of two zones may read alike.
        parts = repr
    elif dataclasses.is_dataclass(kind):
        fields = [field.name for field in dataclasses.fields(kind)]
        parts = partial(_fields, fields)
    elif is_named_tuple(kind):
        parts = tuple
    return parts


def _fields(names: list[str], value: object) -> list[object]:
    return [getattr(value, name) for name in names]


def _refuse(value: object) -> object:
    raise TypeError(f"what is in a {type(value).__name__} is not known")
