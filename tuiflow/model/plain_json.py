"""Stored values as a person reads them, without the tags that keep their types."""

from typing import cast

from pydantic import JsonValue

from tuiflow.model.media import MEDIA_CLASSES
from tuiflow.model.text import whole_text

TAG = "$type"
VALUE = "value"


def plain_json(tagged: JsonValue) -> JsonValue:
    """Take the type tags out, for a person to read."""
    if isinstance(tagged, list):
        return [plain_json(item) for item in tagged]
    if isinstance(tagged, dict):
        if TAG in tagged and VALUE in tagged:
            return _plain_tagged(str(tagged[TAG]), tagged[VALUE])
        return {key: plain_json(item) for key, item in tagged.items()}
    return tagged


def _plain_tagged(tag: str, value: JsonValue) -> JsonValue:
    if tag == "str" and isinstance(value, str):
        return whole_text(bytes.fromhex(value).decode("utf-8", "surrogatepass"))
    if tag == "dict" and isinstance(value, list):
        pairs = cast("list[list[JsonValue]]", value)
        return {str(plain_json(key)): plain_json(item) for key, item in pairs}
    if tag in MEDIA_CLASSES and isinstance(value, dict):
        return {name: item for name, item in value.items() if name != "content"}
    return plain_json(value)
