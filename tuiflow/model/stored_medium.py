"""What is recorded of an image, audio, video or file: never its bytes."""

from pathlib import Path, PurePath
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict

MediaKind = Literal["image", "video", "audio", "file"]


class StoredMedium(BaseModel):
    """What is recorded of a medium: never its bytes, which stand once in `blobs`."""

    model_config = ConfigDict(frozen=True)

    kind: MediaKind
    id: str
    name: str | None = None
    mime_type: str | None = None
    format: str | None = None
    url: str | None = None
    filepath: str | None = None
    """Absolute."""
    digest: str | None = None
    """SHA-256 of its bytes, where they are kept."""
    size: int | None = None
    """Bytes; None for a URL, which is never fetched."""

    @property
    def title(self) -> str:
        """What a person would call it."""
        return self.name or last_part(self.filepath, self.url) or self.url or self.id


def last_part(filepath: str | Path | None, url: str | None) -> str:
    """Give a path's or URL's last part; empty where it has none."""
    if filepath is not None:
        return PurePath(filepath).name
    try:
        return unquote(PurePath(urlsplit(url or "").path).name)
    except ValueError:
        return ""
