"""What a step gave, as it is stored: JSON with type tags, and back to the same types.

Reading back looks types up in what is already imported. No name found in a database is ever
imported, and nothing is unpickled.
"""

import base64
import dataclasses
import hashlib
import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from itertools import islice
from pathlib import Path, PurePath
from typing import Any, cast
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    JsonValue,
    SkipValidation,
)

from tuiflow.model.masked import MASK, holds_secret
from tuiflow.model.media import MEDIA_CLASSES, Medium
from tuiflow.model.plain_json import TAG, VALUE, plain_json

INLINE_BYTES = 8 * 1024
PREVIEW_CHARS = 200


class StoredContent(BaseModel):
    """A stored value: inline JSON, a blob's hash, or a preview that cannot be read back."""

    model_config = ConfigDict(frozen=True)

    type: str = "json"
    """`json`, a short tag such as `datetime`, `module:Qualname`, or `preview`."""
    value: SkipValidation[JsonValue] = None
    blob: str | None = None
    """SHA-256 of the JSON text, where it stands in `blobs` instead of `value`."""
    size: int = 0
    """Bytes of the JSON text; 0 where it was too small to be worth counting."""
    preview: str = ""
    """The beginning of the text, where `value` does not hold it."""
    restorable: bool = True

    def __str__(self) -> str:
        value = plain_json(self.value)
        return self.preview or (value if isinstance(value, str) else json.dumps(value))


@dataclasses.dataclass(frozen=True, slots=True)
class EncodedContent:
    """A value ready to be stored: `blob` is the JSON text when it is too big to stand inline."""

    stored: StoredContent
    blob: bytes | None = None


class NotRestorableError(ValueError):
    """A stored value whose type is gone, or that was never more than a preview."""


def encode_content(value: object) -> EncodedContent:
    """Write a value as stored content; what JSON cannot hold becomes a preview."""
    if value is None or isinstance(value, bool | int):
        return EncodedContent(StoredContent(value=value))
    try:
        tagged = _encode(value)
        raw = _dump(tagged).encode()
        if MASK in raw and holds_secret(value):
            return EncodedContent(_preview_of(value))
    except (TypeError, ValueError, RecursionError):
        return EncodedContent(_preview_of(value))
    kind = _outer_type(tagged)
    if len(raw) <= INLINE_BYTES:
        return EncodedContent(StoredContent(type=kind, value=tagged, size=len(raw)))
    digest = hashlib.sha256(raw).hexdigest()
    preview = _dump(plain_json(_beginning(tagged)))[:PREVIEW_CHARS]
    return EncodedContent(
        StoredContent(type=kind, blob=digest, size=len(raw), preview=preview), raw
    )


def decode_content(stored: StoredContent, blob: bytes | None = None) -> object:
    """Give the value back with its type; raises NotRestorableError where that cannot be done."""
    if not stored.restorable:
        raise NotRestorableError(f"only a preview of a {stored.type} was stored")
    if stored.blob is not None:
        if blob is None:
            raise NotRestorableError(f"blob {stored.blob[:12]} is missing")
        return _decode(json.loads(blob))
    return _decode(stored.value)


def encode_value(value: object) -> JsonValue:
    """Write a value with its type in tags; raises TypeError or ValueError where there is no way."""
    tagged = _encode(value)
    if holds_secret(value):
        raise TypeError("a secret is stored as its mask")
    return tagged


def decode_value(tagged: JsonValue) -> object:
    """Read what `encode_value` wrote; raises NotRestorableError for a type that is not there."""
    return _decode(tagged)


def write_tagged(tagged: JsonValue) -> str:
    """Write it as its shortest JSON text; raises ValueError for what JSON cannot hold."""
    return _dump(tagged)


def _dump(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _beginning(tagged: JsonValue) -> JsonValue:
    """Leave out what stands too far back to be in a preview."""
    match tagged:
        case str():
            return tagged[:PREVIEW_CHARS]
        case list():
            return [_beginning(item) for item in tagged[:PREVIEW_CHARS]]
        case dict():
            return {key: _beginning(item) for key, item in islice(tagged.items(), PREVIEW_CHARS)}
        case _:
            return tagged


def _preview_of(value: object) -> StoredContent:
    try:
        text = repr(value)
    except Exception as broken:  # noqa: BLE001 - a user's __repr__ may raise anything
        text = f"<its repr raised {type(broken).__name__}>"
    text = text.encode("utf-8", "backslashreplace").decode()[:INLINE_BYTES]
    return StoredContent(type=_type_name(type(value)), preview=text, restorable=False)


def _outer_type(tagged: JsonValue) -> str:
    if isinstance(tagged, dict) and TAG in tagged:
        return str(tagged[TAG])
    return "json"


def _type_name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _tagged(tag: str, value: JsonValue) -> JsonValue:
    return {TAG: tag, VALUE: value}


def _encode(value: object) -> JsonValue:
    if value is None or type(value) in (bool, int):
        return cast("JsonValue", value)
    if type(value) is str:
        return value if value.isascii() else _encode_text(value)
    if type(value) is float:
        return value if math.isfinite(value) else _tagged("float", repr(value))
    if type(value) is list:
        return [_encode(item) for item in cast("list[object]", value)]
    if type(value) is dict:
        return _encode_dict(cast("dict[object, object]", value))
    return _encode_typed(value)


def _encode_text(value: str) -> JsonValue:
    if _is_whole(value):
        return value
    return _tagged("str", value.encode("utf-8", "surrogatepass").hex())


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _encode_dict(value: dict[object, object]) -> JsonValue:
    if TAG not in value and all(type(key) is str and _is_whole(key) for key in value):
        return {cast("str", key): _encode(item) for key, item in value.items()}
    return _tagged("dict", [[_encode(key), _encode(item)] for key, item in value.items()])


def _encode_typed(value: object) -> JsonValue:
    name = _type_name(type(value))
    match value:
        case BaseModel():
            return _tagged(name, value.model_dump(mode="json"))
        case Enum():
            return _tagged(name, _encode(value.value))
        case _ if type(value) in (tuple, set, frozenset):
            items = cast("Iterable[object]", value)
            return _tagged(type(value).__name__, [_encode(item) for item in items])
        case Medium():
            return _tagged(value.kind, value.to_plain())
        case _ if dataclasses.is_dataclass(value):
            return _tagged(name, {f.name: _encode(getattr(value, f.name)) for f in _fields(value)})
        case _:
            return _encode_scalar(value)


def _fields(value: object) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(cast("Any", value))


def _encode_scalar(value: object) -> JsonValue:
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
            raise TypeError(f"{_type_name(type(value))} has no stored form")


_SCALARS: dict[str, Callable[[Any], object]] = {
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
    "tuple": lambda items: tuple(_decode(item) for item in items),
    "set": lambda items: {_decode(item) for item in items},
    "frozenset": lambda items: frozenset(_decode(item) for item in items),
    "dict": lambda pairs: {_decode(key): _decode(item) for key, item in pairs},
    **{kind: made.from_plain for kind, made in MEDIA_CLASSES.items()},
}


def _decode(tagged: object) -> object:
    if isinstance(tagged, list):
        return [_decode(item) for item in cast("list[object]", tagged)]
    if isinstance(tagged, dict):
        parts = cast("dict[str, object]", tagged)
        if TAG in parts and VALUE in parts:
            return _decode_tagged(str(parts[TAG]), parts[VALUE])
        return {key: _decode(item) for key, item in parts.items()}
    return tagged


def _decode_tagged(tag: str, value: object) -> object:
    try:
        if tag in _SCALARS:
            return _SCALARS[tag](value)
        kind = _find_type(tag)
        if issubclass(kind, BaseModel):
            return kind.model_validate(value)
        if issubclass(kind, Enum):
            return kind(_decode(value))
        fields = cast("Mapping[str, object]", value)
        return kind(**{key: _decode(item) for key, item in fields.items()})
    except NotRestorableError:
        raise
    except Exception as error:
        raise NotRestorableError(f"stored {tag} no longer fits its type: {error}") from error


def _script(module: str) -> object:
    # What a worker has imported by its name is `__main__` to the script that started it.
    main = sys.modules.get("__main__")
    name = Path(getattr(main, "__file__", None) or "").stem
    return main if name == module.rpartition(".")[2] else None


def _find_type(tag: str) -> type[object]:
    module, _, qualname = tag.partition(":")
    found: object = sys.modules.get(module) or _script(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    if isinstance(found, type):
        kind = cast("type[object]", found)
        if issubclass(kind, BaseModel | Enum) or dataclasses.is_dataclass(kind):
            return kind
    raise NotRestorableError(f"{tag} is not among what this process has imported")
