"""Stored values as text for a person: the string itself, or indented JSON without type tags."""

import json
import re
from dataclasses import dataclass, replace
from typing import Literal

from anyio.to_thread import run_sync
from pydantic import JsonValue

from tuiflow.model.content import StoredContent
from tuiflow.model.plain_json import plain_json
from tuiflow.store import Store

Language = Literal["text", "json", "markdown"]
SHOWN_CHARS = 65_536
_PARSED_BYTES = 16 * 1024 * 1024  # a bigger value is shown as it is stored
_INLINE_BYTES = 256 * 1024  # a bigger one is parsed in a thread
_HEADING_OR_FENCE = re.compile(r"^(?:#{1,6} \S|```)", re.M)
_LIST_LINE = re.compile(r"^ {0,3}(?:[-*+]|\d+\.) \S", re.M)


@dataclass(frozen=True, slots=True)
class ContentText:
    """A value, or the beginning of it, as text."""

    text: str
    language: Language
    size: int
    """Characters of the whole text where it was read whole, else bytes of what is stored."""
    shown: int
    """Characters of `text`."""
    is_whole: bool
    type: str = ""
    """The class it is of, without its module; empty for what JSON has itself."""
    is_restorable: bool = True
    """False where nothing but the beginning of its text was stored."""


async def read_content(
    store: Store, content: StoredContent, *, limit: int = SHOWN_CHARS
) -> ContentText:
    """Read a value as text, at most `limit` characters of it."""
    name = content.type.rpartition(":")[2] if ":" in content.type else ""
    text = await _read_text(store, content, limit)
    return replace(text, type=name, is_restorable=content.restorable)


async def _read_text(store: Store, content: StoredContent, limit: int) -> ContentText:
    if not content.restorable:
        return _shorten(content.preview, "text", limit, size=content.size, is_whole=False)
    if content.blob is None:
        return render_value(content.value, limit)
    raw = await store.get_blob(content.blob)
    if raw is None:
        return _shorten(content.preview, "text", limit, size=content.size, is_whole=False)
    if len(raw) < _INLINE_BYTES:
        return _render_blob(raw, limit)
    return await run_sync(_render_blob, raw, limit)


async def read_value(store: Store, content: StoredContent, *, limit: int) -> JsonValue:
    """Read a value as plain JSON; of one that is bigger than `limit` bytes only the beginning."""
    if content.blob is None and content.restorable:
        return plain_json(content.value)
    raw = await store.get_blob(content.blob) if content.blob and content.size <= limit else None
    if raw is None:
        return f"{content.preview[:limit]} …"
    return await run_sync(_parse, raw)


def render_value(value: JsonValue, limit: int = SHOWN_CHARS) -> ContentText:
    """Write a stored value, or one that is plain JSON already, as text."""
    plain = plain_json(value)
    if isinstance(plain, str):
        language = guess_language(plain[:limit])
        return _shorten(_indented(plain) if language == "json" else plain, language, limit)
    try:
        text = json.dumps(plain, indent=2, ensure_ascii=False)
    except (ValueError, RecursionError) as error:
        return _shorten(f"it cannot be shown: {error}", "text", limit)
    return _shorten(text, "json", limit)


def guess_language(text: str) -> Language:
    """Tell what a text is written in by its first look."""
    if text.lstrip()[:1] in {"{", "["} and _is_json(text):
        return "json"
    if _HEADING_OR_FENCE.search(text) or len(_LIST_LINE.findall(text)) > 1:
        return "markdown"
    return "text"


def _render_blob(raw: bytes, limit: int) -> ContentText:
    if len(raw) > _PARSED_BYTES:
        # A character is at most four bytes; one that was cut through is left out.
        text = raw[: limit * 4].decode(errors="ignore")
        return _shorten(text, "text", limit, size=len(raw), is_whole=False)
    return render_value(_parse(raw), limit)


def _parse(raw: bytes) -> JsonValue:
    try:
        return plain_json(json.loads(raw))
    except (ValueError, RecursionError):
        # What is damaged is still shown, as the text it is.
        return raw.decode(errors="replace")


def _indented(text: str) -> str:
    """Indent JSON that stands on one line; who has indented it has done so on purpose."""
    return (
        text if "\n" in text.strip() else json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    )


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    except RecursionError:
        return False
    return True


def _shorten(
    text: str, language: Language, limit: int, *, size: int = 0, is_whole: bool = True
) -> ContentText:
    shown = text[:limit]
    return ContentText(
        text=shown,
        language=language,
        size=max(size, len(text)),
        shown=len(shown),
        is_whole=is_whole and len(shown) == len(text),
    )
