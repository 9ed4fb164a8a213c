"""Stored values as a person reads them, without the tags that keep their types."""

from typing import cast

from pydantic import JsonValue

from tuiflow.model.media import MEDIA_CLASSES
from tuiflow.model.text import whole_text

TAG = "$type"
VALUE = "value"


def plain_json(tagged: JsonValue) -> JsonValue:
    """Take the type tags out, for a person to read; never raises, whatever was stored."""
    try:
        return _plain(tagged)
    except RecursionError:
        return "nested too deeply to be shown"


def _plain(tagged: JsonValue) -> JsonValue:
    if isinstance(tagged, list):
        return [_plain(item) for item in tagged]
    if isinstance(tagged, dict):
        if TAG in tagged and VALUE in tagged:
            return _plain_tagged(str(tagged[TAG]), tagged[VALUE])
        return {key: _plain(item) for key, item in tagged.items()}
    return tagged


def _plain_tagged(tag: str, value: JsonValue) -> JsonValue:
    if tag == "str" and isinstance(value, str):
        try:
            return whole_text(bytes.fromhex(value).decode("utf-8", "surrogatepass"))
        except ValueError:
            return value
    if tag == "dict" and isinstance(value, list):
        pairs = [cast("list[JsonValue]", pair) for pair in value if isinstance(pair, list)]
        if all(len(pair) == 2 for pair in pairs) and len(pairs) == len(value):
            return {str(_plain(key)): _plain(item) for key, item in pairs}
    if tag in MEDIA_CLASSES and isinstance(value, dict):
        return {name: item for name, item in value.items() if name != "content"}
    return _plain(value)
