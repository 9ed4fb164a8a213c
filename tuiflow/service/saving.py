"""Writes a run's media as files of a folder; their names come from workflows and are hostile."""

import re
import shutil
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from mimetypes import guess_extension
from pathlib import Path, PurePath

from anyio import to_thread

from tuiflow.model.stored_medium import StoredMedium
from tuiflow.store import Store

_MOST_STEM, _MOST_SUFFIX = 80, 12  # characters of a file's name
_UNSAFE = re.compile(r"[^\w.+-]+", re.ASCII)
_SUFFIX = re.compile(r"\.[a-z0-9]+", re.ASCII | re.IGNORECASE)
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)  # devices on Windows


@dataclass(frozen=True, slots=True)
class SavedMedium:
    """A medium and the file it was written to, or why there is none."""

    medium: StoredMedium
    path: Path | None = None
    problem: str = ""


async def save_media(
    store: Store, media: Iterable[StoredMedium], folder: Path
) -> AsyncIterator[SavedMedium]:
    """Write what there are bytes of into a folder, which is made if it is missing.

    No file is ever replaced. Raises OSError where the folder cannot be written.
    """
    await to_thread.run_sync(lambda: folder.mkdir(parents=True, exist_ok=True))
    for medium in media:
        if medium.digest is not None:
            raw = await store.get_blob(medium.digest)
            if raw is None:
                yield SavedMedium(medium, problem="its bytes are no longer in the database")
            else:
                yield SavedMedium(medium, await to_thread.run_sync(_write, folder, medium, raw))
        elif medium.filepath is not None:
            yield await to_thread.run_sync(_copy, folder, medium, Path(medium.filepath))
        else:
            yield SavedMedium(medium, problem=f"a URL, never fetched: {medium.url}")


def _write(folder: Path, medium: StoredMedium, raw: bytes) -> Path:
    for path in _free_paths(folder, medium):
        try:
            # Exclusive: neither a file nor a link that stands there is followed or replaced.
            with path.open("xb") as file:
                file.write(raw)
        except FileExistsError:
            continue
        return path
    raise AssertionError(folder)


def _copy(folder: Path, medium: StoredMedium, source: Path) -> SavedMedium:
    try:
        is_same = source.is_file() and source.stat().st_size == medium.size
    except (OSError, ValueError):
        is_same = False
    if not is_same:
        return SavedMedium(medium, problem=f"only its place was kept, and it changed: {source}")
    for path in _free_paths(folder, medium):
        try:
            with path.open("xb") as file, source.open("rb") as big:
                shutil.copyfileobj(big, file)
        except FileExistsError:
            continue
        return SavedMedium(medium, path)
    raise AssertionError(folder)


def _free_paths(folder: Path, medium: StoredMedium) -> Iterator[Path]:
    stem, suffix = safe_name(medium)
    yield folder / f"{stem}{suffix}"
    yield from (folder / f"{stem}-{number}{suffix}" for number in count(2))


def safe_name(medium: StoredMedium) -> tuple[str, str]:
    """Make a file's stem and suffix of what a medium is called: plain characters, never a path."""
    # Both kinds of separators, whatever system the name comes from.
    last = PurePath(medium.title.replace("\\", "/").rstrip("/")).name
    plain = _UNSAFE.sub("_", last).strip("._-")
    stem, dot, ending = plain.rpartition(".")
    suffix = f".{ending}"
    if not dot or len(suffix) > _MOST_SUFFIX or not _SUFFIX.fullmatch(suffix):
        stem, suffix = plain, guess_extension(medium.mime_type or "") or ""
    stem = stem.strip("._-")[:_MOST_STEM]
    if not stem or _RESERVED.fullmatch(stem.partition(".")[0]):
        stem = f"{medium.kind}_{stem}".rstrip("_")
    return stem, suffix
