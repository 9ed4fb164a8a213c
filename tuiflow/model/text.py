"""Text that is no Unicode, and how a model with some in it is written as JSON all the same."""

import json
import re
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

_LONE = re.compile("[\ud800-\udfff]")


def whole_text(text: str) -> str:
    """Write lone surrogates, which no file, socket or database takes, as `‹d800›`."""
    return text if text.isascii() else _LONE.sub(lambda found: f"‹{ord(found[0]):04x}›", text)


def write_json(model: BaseModel, **options: Any) -> str:
    """Write a model as `model_dump_json` does, and one with lone surrogates as well."""
    try:
        return model.model_dump_json(**options)
    except PydanticSerializationError:
        loose = model.model_dump(**options)
        return whole_text(json.dumps(loose, ensure_ascii=False, separators=(",", ":"), default=str))
