"""Reads the journal of a run from the events that are stored, its contents one by one."""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass

from anyio import to_thread

from tuiflow.engine.journal import Gave, Journal
from tuiflow.errors import InputError
from tuiflow.model.content import decode_content
from tuiflow.model.events import CustomEvent, Event, ParallelExecutionStartedEvent
from tuiflow.model.ids import NodePath, RunId, is_within, short_id
from tuiflow.model.media import Medium
from tuiflow.store import Lease, RunRecord, SqliteDb, Store
from tuiflow.workflow.kept_media import reader_of, restore_media

_INLINE_BYTES = 1_000_000  # bigger values are read off the loop


async def read_journal(store: Store, lease: Lease, run: RunRecord) -> Journal | None:
    """Read what was done before this episode, here or in the run it takes over from.

    None for a run that has no past; raises InputError where that cannot be read.
    """
    if lease.episode == 1 and run.source_run_id is None:
        return None
    return await read_past(store, run)


async def read_past(store: Store, run: RunRecord) -> Journal:
    """Read what a run starts with if it begins now; raises InputError where it cannot be read."""
    journal = Journal(run.run_id, _Contents(store).restore)
    if run.source_run_id is not None and run.from_path is not None:
        source = [event async for page in read_pages(store, run.source_run_id) for event in page]
        journal.learn(events_before(source, run.from_path))
    async for page in read_pages(store, run.run_id):
        journal.learn(page)
    return journal


def events_before(events: Iterable[Event], path: NodePath) -> Iterator[Event]:
    """Give what happened before a node began, and in branches that run beside it."""
    around: set[NodePath] = set()  # the Parallels it stands in
    has_begun = False
    for event in events:
        has_begun = has_begun or is_within(event.node_path, path)
        if isinstance(event, ParallelExecutionStartedEvent) and is_within(path, event.node_path):
            around.add(event.node_path)
        if not has_begun or _is_beside(event.node_path, path, around):
            yield event


def _is_beside(path: NodePath, other: NodePath, around: set[NodePath]) -> bool:
    return any(
        parallel not in (path, other)
        and is_within(path, parallel)
        and _branch(path, parallel) != _branch(other, parallel)
        for parallel in around
    )


def _branch(path: NodePath, parallel: NodePath) -> str:
    return path[len(parallel) + 1 :].partition("/")[0].partition("[")[0]


async def read_pages(store: Store, run_id: RunId) -> AsyncIterator[list[Event]]:
    """Read what moves the tree of a run; raises InputError for an event that cannot be read."""
    async for page in store.tree_pages(run_id):
        if bad := next((event for event in page if isinstance(event, CustomEvent)), None):
            raise InputError(f"event {bad.seq} of run {short_id(run_id)} cannot be read")
        yield page


@dataclass(frozen=True, slots=True)
class _Contents:
    store: Store

    async def restore(self, gave: Gave) -> tuple[object, tuple[Medium, ...]]:
        stored = gave.content
        blob = await self.store.get_blob(stored.blob) if stored.blob else None
        if stored.size > _INLINE_BYTES:
            content = await to_thread.run_sync(decode_content, stored, blob)
        else:
            content = decode_content(stored, blob)
        return content, restore_media(gave.media, reader_of(SqliteDb(self.store.path)))
