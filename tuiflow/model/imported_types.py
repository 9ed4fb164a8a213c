"""Types by the names that are stored beside values, among what is already imported."""

import dataclasses
import sys
from enum import Enum
from numbers import Real
from pathlib import Path
from typing import Any, TypeGuard, cast

from pydantic import BaseModel


class NotRestorableError(ValueError):
    """A stored value whose type is gone, or that was never more than a preview."""


def type_name(kind: type) -> str:
    """Name a type as `find_type` takes it: `module:Qualname`."""
    return f"{kind.__module__}:{kind.__qualname__}"


def find_type(name: str) -> type[Any]:
    """Find a type that can be read back, without importing anything; raises NotRestorableError."""
    module, _, qualname = name.partition(":")
    outer, bracket, _ = qualname.partition("[")
    found: object = sys.modules.get(module) or _script(module)
    for part in outer.split("."):
        # Not asked for: a module may answer a name it does not have with an import.
        found = getattr(found, "__dict__", {}).get(part)
    if bracket and isinstance(found, type):
        found = _parametrized(cast("type[object]", found), qualname)
    if isinstance(found, type):
        kind = cast("type[Any]", found)
        is_value = issubclass(kind, BaseModel | Enum | str | Real)
        is_one = is_value or dataclasses.is_dataclass(kind)
        if is_one or is_named_tuple(kind):
            return kind
    raise NotRestorableError(f"{name} is not among what this process has imported")


def is_named_tuple(kind: type[object]) -> TypeGuard[type[tuple[object, ...]]]:
    """Say whether it is a tuple whose members have names."""
    return issubclass(kind, tuple) and hasattr(cast("object", kind), "_fields")


def _parametrized(generic: type[object], qualname: str) -> type[object] | None:
    # A `Page[Item]` stands in no module: it is a subclass that pydantic made of `Page`.
    made = [kind for kind in generic.__subclasses__() if kind.__qualname__ == qualname]
    return made[0] if len(made) == 1 else None


def _script(module: str) -> object:
    # What a worker has imported by its name is `__main__` to the script that started it.
    main = sys.modules.get("__main__")
    name = Path(getattr(main, "__file__", None) or "").stem
    return main if name == module.rpartition(".")[2] else None
