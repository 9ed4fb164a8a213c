"""What a step gave, as it is stored: inline, as a blob, or as a preview of what has no JSON."""

import dataclasses
import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, SkipValidation
from pydantic_core import PydanticSerializationError, from_json, to_json

from tuiflow.model.imported_types import NotRestorableError, type_name
from tuiflow.model.masked import MASK, holds_secret
from tuiflow.model.plain_json import TAG, plain_json
from tuiflow.model.text import described
from tuiflow.model.typed_json import write_typed
from tuiflow.model.typed_reading import read_typed

T = TypeVar("T")

INLINE_BYTES = 8 * 1024
PREVIEW_CHARS = 200
_SURELY_READ = 150  # levels of JSON


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


def encode_content(value: object) -> EncodedContent:
    """Write a value as stored content; what JSON cannot hold becomes a preview.

    So does what is nested some hundred levels deep, and could not be read back everywhere.
    """
    if value is None or type(value) is bool:
        return EncodedContent(StoredContent(value=value))
    try:
        return _with_room(partial(_encode, value))
    except (TypeError, ValueError):
        return EncodedContent(_preview_of(value, described(value)))
    except RecursionError:
        return EncodedContent(_preview_of(value, "nested too deeply to be kept"))


def _encode(value: object) -> EncodedContent:
    tagged = write_typed(value)
    raw, fits_events = _dump_all(tagged)
    if MASK in raw and holds_secret(value):
        return EncodedContent(_preview_of(value, described(value)))
    kind = _outer_type(tagged)
    if fits_events and len(raw) <= INLINE_BYTES and _is_read_anywhere(raw):
        return EncodedContent(StoredContent(type=kind, value=tagged, size=len(raw)))
    if not fits_events:
        # Who reads it later has no more room than there is now.
        read_typed(json.loads(raw))
    digest = hashlib.sha256(raw).hexdigest()
    preview = _dump_all(plain_json(_beginning(tagged)))[0].decode()[:PREVIEW_CHARS]
    return EncodedContent(
        StoredContent(type=kind, blob=digest, size=len(raw), preview=preview), raw
    )


def decode_content(stored: StoredContent, blob: bytes | None = None) -> object:
    """Give the value back with its type; raises NotRestorableError where that cannot be done."""
    if not stored.restorable:
        raise NotRestorableError(f"only a preview of a {stored.type} was stored")
    if stored.blob is None:
        return decode_value(stored.value)
    if blob is None:
        raise NotRestorableError(f"blob {stored.blob[:12]} is missing")
    if hashlib.sha256(blob).hexdigest() != stored.blob:
        raise NotRestorableError(f"blob {stored.blob[:12]} holds something else")
    return _read(partial(_read_blob, stored.blob, blob))


def encode_value(value: object) -> JsonValue:
    """Write a value with its type in tags; raises TypeError or ValueError where there is no way."""
    tagged = write_typed(value)
    if holds_secret(value):
        raise TypeError("a secret is stored as its mask")
    return tagged


def decode_value(tagged: JsonValue) -> object:
    """Read what `encode_value` wrote; raises NotRestorableError for a type that is not there."""
    return _read(partial(read_typed, tagged))


def write_tagged(tagged: JsonValue) -> str:
    """Write it as its shortest JSON text; raises ValueError for what JSON cannot hold."""
    return _dump(tagged).decode()


def _read(read: Callable[[], object]) -> object:
    try:
        return _with_room(read)
    except RecursionError:
        raise NotRestorableError("it is nested too deeply to be read here") from None


def _read_blob(digest: str, blob: bytes) -> object:
    try:
        tagged = json.loads(blob)
    except ValueError as error:
        raise NotRestorableError(f"blob {digest[:12]} is no value: {error}") from error
    return read_typed(tagged)


def _with_room(call: Callable[[], T]) -> T:
    """Call it; where the stack ends on the way, again in a thread that has all of its own."""
    try:
        return call()
    except RecursionError:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(call).result()


def _dump(value: JsonValue) -> bytes:
    # Pydantic writes 255 levels, some of which are an event's own.
    return to_json([[[[value]]]])[4:-4]


def _dump_all(value: JsonValue) -> tuple[bytes, bool]:
    """Write it, however deep, and say whether an event can hold it; three times as fast if so."""
    try:
        return _dump(value), True
    except PydanticSerializationError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), False


def _is_read_anywhere(raw: bytes) -> bool:
    # Pydantic reads 200 levels, some of which are those of what it stands in.
    if raw.count(b"[") + raw.count(b"{") < _SURELY_READ:
        return True
    try:
        check_levels(raw)
    except ValueError:
        return False
    return True


def check_levels(raw: bytes) -> None:
    """Raise ValueError where JSON is too deep to be read back from inside an event."""
    from_json(b"[[[[%b]]]]" % raw)


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


def _preview_of(value: object, text: str) -> StoredContent:
    text = text.encode("utf-8", "backslashreplace").decode()[:INLINE_BYTES]
    return StoredContent(type=type_name(type(value)), preview=text, restorable=False)


def _outer_type(tagged: JsonValue) -> str:
    if isinstance(tagged, dict) and TAG in tagged:
        return str(tagged[TAG])
    return "json"
