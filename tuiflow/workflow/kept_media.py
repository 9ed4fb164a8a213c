"""Media as a run keeps them: each once, and its bytes read again only when they are asked for."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from tuiflow.errors import MediaError
from tuiflow.model.media import Medium
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.store import SqliteDb, open_store, read_media
from tuiflow.workflow.blocking import call_blocking

ReadBlob = Callable[[str], bytes]


async def keep_media(
    media: Sequence[Medium],
    known: dict[Medium, StoredMedium],
    keep: Callable[[str, bytes], object],
) -> tuple[StoredMedium, ...]:
    """Give each its stored form; `keep` takes the bytes of those that are not `known` yet."""
    new = [medium for medium in dict.fromkeys(media) if medium not in known]
    for medium, read in zip(new, await read_media(new), strict=True):
        if read.raw is not None and read.stored.digest is not None:
            keep(read.stored.digest, read.raw)
        known[medium] = read.stored
    return tuple(known[medium] for medium in media)


def restore_media(stored: Iterable[StoredMedium], read_blob: ReadBlob) -> tuple[Medium, ...]:
    """Make them again as what they were."""
    return tuple(Medium.restore(each, partial(read_blob, each.digest or "")) for each in stored)


def reader_of(db: SqliteDb) -> ReadBlob:
    """Read blobs of a database, each time through a connection of its own."""
    return lambda digest: call_blocking(partial(_read_blob, db, digest))


async def _read_blob(db: SqliteDb, digest: str) -> bytes:
    async with open_store(db, create=False) as store:
        raw = await store.get_blob(digest)
    if raw is None:
        raise MediaError(f"the bytes {digest[:12]}… are no longer in {store.path}")
    return raw
