"""Tells values that hold a secret: they are written as masks, and cannot be read back."""

import dataclasses
from collections.abc import Iterable
from typing import Any, cast

from pydantic import BaseModel, Secret, SecretBytes, SecretStr

MASK = b"*****"
"""Stands in the JSON of every secret that is not empty."""


def holds_secret(value: object) -> bool:
    """Say whether a secret stands somewhere in a value."""
    if isinstance(value, SecretStr | SecretBytes | Secret):
        return True
    return any(map(holds_secret, _parts(value)))


def _parts(value: object) -> Iterable[object]:
    match value:
        case BaseModel():
            return (*vars(value).values(), *(value.model_extra or {}).values())
        case dict():
            return cast("dict[object, object]", value).values()
        case list() | tuple() | set() | frozenset():
            return cast("Iterable[object]", value)
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = dataclasses.fields(cast("Any", value))
            return [getattr(value, field.name) for field in fields]
        case _:
            return ()
