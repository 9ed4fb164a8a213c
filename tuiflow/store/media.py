"""Reads media once, to be kept by their hash."""

import stat
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from anyio import to_thread

from tuiflow.errors import MediaError
from tuiflow.model.media import MOST_BYTES, Medium
from tuiflow.model.stored_medium import StoredMedium


@dataclass(frozen=True, slots=True)
class ReadMedium:
    """What is recorded of a medium, and its bytes where they are kept."""

    stored: StoredMedium
    raw: bytes | None = None


async def read_media(media: Iterable[Medium]) -> list[ReadMedium]:
    """Read files off the loop, MOST_BYTES in all; raises MediaError for one that cannot be read.

    What is beyond that stays a reference to the file, and is not read.
    """
    waiting = list(media)
    return await to_thread.run_sync(_read_all, waiting) if waiting else []


def _read_all(media: list[Medium]) -> list[ReadMedium]:
    room = MOST_BYTES
    found: list[ReadMedium] = []
    for medium in media:
        read = _read(medium, room)
        if read.raw is not None and medium.filepath is not None:
            room -= len(read.raw)
        found.append(read)
    return found


def _read(medium: Medium, room: int) -> ReadMedium:
    if medium.filepath is not None:
        return _read_file(medium, Path(medium.filepath).absolute(), room)
    if (raw := medium.content) is not None:
        return ReadMedium(_stored(medium, raw=raw), raw)
    return ReadMedium(_stored(medium))


def _read_file(medium: Medium, path: Path, room: int) -> ReadMedium:
    title = f"{type(medium).__name__} {path}"
    try:
        about = path.stat()
        # A pipe or a device would be waited for, or would never end.
        if not stat.S_ISREG(about.st_mode):
            raise MediaError(f"{title}: this is not a file")
        with path.open("rb") as file:
            # One byte more than there is room for: it may grow while it is read.
            raw = file.read(room + 1) if about.st_size <= room else None
    except FileNotFoundError:
        raise MediaError(f"{title}: there is no such file") from None
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise MediaError(f"{title}: {said}") from error
    if raw is None or len(raw) > room:
        return ReadMedium(_stored(medium, path=path, size=about.st_size))
    return ReadMedium(_stored(medium, path=path, raw=raw), raw)


def _stored(
    medium: Medium,
    *,
    path: Path | None = None,
    raw: bytes | None = None,
    size: int | None = None,
) -> StoredMedium:
    return StoredMedium(
        kind=medium.kind,
        id=medium.id,
        name=medium.name,
        mime_type=medium.mime_type,
        format=medium.format,
        url=medium.url,
        filepath=None if path is None else str(path),
        digest=None if raw is None else sha256(raw).hexdigest(),
        size=size if raw is None else len(raw),
    )
