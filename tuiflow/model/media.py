"""Images, audio, video and files: as an author holds them, and as they are stored."""

import base64
import mimetypes
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePath
from typing import Any, ClassVar, TypedDict, cast
from uuid import uuid4

from pydantic import JsonValue
from pydantic_core import CoreSchema

from tuiflow.errors import MediaError
from tuiflow.model.media_schema import media_schema
from tuiflow.model.stored_medium import MediaKind, StoredMedium, last_part

MOST_BYTES = 64 * 1024 * 1024
"""Bytes that are kept of what one start or one step gives; a bigger file stays a reference."""
_MOST_CHARS = 8192
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://\S+|[^\s/]\S*)")
_MIME_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_TEXTS = ("url", "mime_type", "format", "id", "name")


class Medium:
    """One of url, filepath and content: a URL is never fetched, a file is read when it is needed.

    Raises MediaError where it cannot be one.
    """

    __slots__ = ("_content", "_read", "filepath", "format", "id", "mime_type", "name", "url")
    kind: ClassVar[MediaKind]

    def __init__(  # noqa: PLR0913 - what can be said of a medium, all of it by keyword
        self,
        *,
        url: str | None = None,
        filepath: str | Path | None = None,
        content: bytes | None = None,
        mime_type: str | None = None,
        format: str | None = None,  # noqa: A002 - the name authors know
        id: str | None = None,  # noqa: A002 - as above
        name: str | None = None,
    ) -> None:
        self.url = url
        self.filepath = _path(self._title, filepath)
        self._content = _bytes(self._title, content)
        self._read: Callable[[], bytes] | None = None
        self.format = format
        self.id = str(uuid4()) if id is None else id
        self.name = name
        self.mime_type = mime_type
        self._check()
        self.mime_type = mime_type or _guess(name, format, self.filepath, url)

    @classmethod
    def restore(cls, stored: StoredMedium, read: Callable[[], bytes]) -> "Medium":
        """Make it again of what was recorded; `read` gives its bytes where they are kept."""
        kind = MEDIA_CLASSES[stored.kind]
        medium = kind.__new__(kind)
        for name in _TEXTS:
            setattr(medium, name, getattr(stored, name))
        medium.filepath = None if stored.filepath is None else Path(stored.filepath)
        medium._keep(read if stored.digest is not None else None)  # noqa: SLF001 - its own class
        return medium

    @property
    def content(self) -> bytes | None:
        """The bytes it was made of; None for a URL and a file."""
        if self._content is None and self._read is not None and self.filepath is None:
            self._content = self._read()
        return self._content

    def get_content_bytes(self) -> bytes:
        """Give its bytes, of a file those that were recorded; raises MediaError for a URL."""
        if self.filepath is None:
            if (content := self.content) is not None:
                return content
            raise MediaError(f"{self._title} {self.url}: a URL is a reference and never fetched")
        if self._read is not None:
            return self._read()
        try:
            return self.filepath.read_bytes()
        except OSError as error:
            raise MediaError(f"{self._title} {self.filepath}: {error.strerror}") from error

    def to_plain(self) -> dict[str, JsonValue]:
        """Write it as JSON, its own bytes in base64."""
        plain: dict[str, JsonValue] = {name: getattr(self, name) for name in _TEXTS}
        plain["filepath"] = None if self.filepath is None else str(self.filepath)
        plain["content"] = None if self.content is None else _base64(self.content)
        return {name: value for name, value in plain.items() if value is not None}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Medium":
        """Read what `to_plain` wrote."""
        given: dict[str, Any] = dict(plain)
        if (content := given.get("content")) is not None:
            given["content"] = base64.b64decode(content)
        return cls(**given)

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> CoreSchema:
        return media_schema(cls)

    def _keep(self, read: Callable[[], bytes] | None) -> None:
        self._content = None
        self._read = read

    @property
    def _title(self) -> str:
        return type(self).__name__

    def _check(self) -> None:
        sources = {"url": self.url, "filepath": self.filepath, "content": self._content}
        given = [name for name, value in sources.items() if value is not None]
        if len(given) != 1:
            has = f"got {' and '.join(given)}" if given else "got none"
            raise MediaError(f"{self._title} takes exactly one of url, filepath and content: {has}")
        for name in _TEXTS:
            _check_text(f"{self._title} {name}=", getattr(self, name))
        if self.url is not None and not _URL.fullmatch(self.url):
            raise MediaError(
                f"{self._title} url={self.url[:200]!r} is no URL: write filepath= for a file"
            )
        if self.mime_type is not None and not _MIME_TYPE.fullmatch(self.mime_type):
            raise MediaError(
                f"{self._title} mime_type= is a type such as image/png, not {self.mime_type!r}"
            )

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Medium) or self.kind != other.kind:
            return NotImplemented
        texts = ((getattr(self, name), getattr(other, name)) for name in (*_TEXTS, "filepath"))
        return all(one == two for one, two in texts) and self.content == other.content

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        size = None if self._content is None else len(self._content)
        source = self.url or self.filepath or (f"{size} bytes" if size is not None else "kept")
        return f"{self._title}({str(source)!r}, id={self.id!r})"


class Image(Medium):
    """A picture, of one of `url`, `filepath` and `content`; raises MediaError."""

    __slots__ = ()
    kind = "image"


class Video(Medium):
    """A film, as an Image is one."""

    __slots__ = ()
    kind = "video"


class Audio(Medium):
    """A sound, as an Image is one."""

    __slots__ = ()
    kind = "audio"


class File(Medium):
    """Any other file, as an Image is one."""

    __slots__ = ()
    kind = "file"


MEDIA_CLASSES: dict[MediaKind, type[Medium]] = {
    kind.kind: kind for kind in (Image, Video, Audio, File)
}
MEDIA_FIELDS: dict[str, type[Medium]] = {
    "images": Image,
    "videos": Video,
    "audio": Audio,
    "files": File,
}
"""The names under which media of each kind are given, made and seen."""


class MediaByKind(TypedDict, total=False):
    """Media under the names they are given by; a kind that nobody gave is left out."""

    images: list[Image]
    videos: list[Video]
    audio: list[Audio]
    files: list[File]


def by_kind(media: Iterable[Medium]) -> MediaByKind:
    """Sort media by their kind, in their order; one that was handed on counts once."""
    once = list(dict.fromkeys(media))
    if not once:
        return {}
    sorted_: dict[str, list[Medium]] = {
        name: [each for each in once if isinstance(each, kind)]
        for name, kind in MEDIA_FIELDS.items()
    }
    return cast("MediaByKind", {name: some for name, some in sorted_.items() if some})


def check_media(owner: str, given: Mapping[str, object]) -> tuple[Medium, ...]:
    """Give what stands under `images`, `videos`, `audio` and `files`; raises MediaError."""
    media: list[Medium] = []
    for name, kind in MEDIA_FIELDS.items():
        some = given.get(name)
        if some is None:
            continue
        if not isinstance(some, list | tuple):
            said = f"{owner}: {name}= takes a list of {kind.__name__}"
            raise MediaError(f"{said}, not {_short(some)}")
        for each in cast("Iterable[object]", some):
            if not isinstance(each, kind):
                hint = (
                    f": write {kind.__name__}(filepath=…)" if isinstance(each, str | Path) else ""
                )
                said = f"{owner}: {name}= takes a list of {kind.__name__}"
                raise MediaError(f"{said}, not one of {_short(each)}{hint}")
            media.append(each)
    return tuple(dict.fromkeys(media))


def _short(value: object) -> str:
    return repr(value)[:60] if isinstance(value, str | Path) else type(value).__name__


def _path(title: str, given: object) -> Path | None:
    if given is None:
        return None
    if not isinstance(given, str | Path) or not str(given):
        raise MediaError(f"{title} filepath= takes a path, not {given!r}")
    _check_text(f"{title} filepath=", str(given))
    return Path(given)


def _bytes(title: str, given: object) -> bytes | None:
    if given is None:
        return None
    if not isinstance(given, bytes | bytearray | memoryview):
        raise MediaError(f"{title} content= takes bytes, not {_short(given)}")
    raw = bytes(cast("bytes", given))
    if len(raw) > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        raise MediaError(f"{title} content= has more than {most} MiB: write filepath= for a file")
    return raw


def _check_text(what: str, text: object) -> None:
    if text is None:
        return
    if not isinstance(text, str) or not text:
        raise MediaError(f"{what} takes text, not {text!r}")
    if len(text) > _MOST_CHARS:
        raise MediaError(f"{what} has more than {_MOST_CHARS} characters")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise MediaError(f"{what} is no Unicode text: {text[:200]!a}") from None


def _guess(
    name: str | None, format_: str | None, filepath: Path | None, url: str | None
) -> str | None:
    for hint in (f"x.{format_}" if format_ else None, name, last_part(filepath, url)):
        if hint and (found := mimetypes.guess_type(PurePath(hint).name)[0]):
            return found
    return None


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
