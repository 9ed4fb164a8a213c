"""Text for people: of any value, and of what is no Unicode."""

import json
import re
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

_LONE = re.compile("[\ud800-\udfff]")


def whole_text(text: str) -> str:
    """Write lone surrogates, which no file, socket or database takes, as `‹d800›`."""
    return text if text.isascii() else _LONE.sub(lambda found: f"‹{ord(found[0]):04x}›", text)


def described(value: object) -> str:
    """Give a value's repr, or say what that raised."""
    try:
        return repr(value)
    except Exception as broken:  # noqa: BLE001 - an author's __repr__ may raise anything
        return f"<its repr raised {type(broken).__name__}>"


def write_json(model: BaseModel, **options: Any) -> str:
    """Write a model as `model_dump_json` does, and one with lone surrogates as well."""
    try:
        return model.model_dump_json(**options)
    except PydanticSerializationError:
        loose = model.model_dump(**options)
        return whole_text(json.dumps(loose, ensure_ascii=False, separators=(",", ":"), default=str))
