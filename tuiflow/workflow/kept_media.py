"""Media of a recorded run, with their bytes read from the database when they are asked for."""

from collections.abc import Callable, Iterable
from functools import partial

from tuiflow.errors import MediaError
from tuiflow.model.media import Medium
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.store import SqliteDb, open_store
from tuiflow.workflow.blocking import call_blocking

ReadBlob = Callable[[str], bytes]


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
