"""The engine's host over a store: a run's events go to its log, nested runs get their rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from anyio import to_thread

from tuiflow.model.clock import now
from tuiflow.model.content import StoredContent, encode_content
from tuiflow.model.ids import NodePath, RunId, new_run_id
from tuiflow.model.media import Medium
from tuiflow.model.run_event import RunEvent
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.model.weight import is_heavier
from tuiflow.store import EventLog, Lease, NewRun, RunRecord, Store
from tuiflow.workflow.kept_media import keep_media

_BIG = 10_000
"""Of this weight a value takes so long to encode that other steps would wait for it."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A big value, and what was stored of it."""

    value: object
    stored: StoredContent
    likeness: bytes | None = None
    """What it was like then, once it was seen again; None where only encoding it would tell."""


@dataclass
class StoreHost:
    """Records one run under its lease."""

    log: EventLog
    lease: Lease
    store_: Store
    run: RunRecord
    dropped_kinds: frozenset[str] = frozenset()
    """Chatter the author does not want: it never gets a seq."""
    media: dict[Medium, StoredMedium] = field(default_factory=dict[Medium, StoredMedium])
    """What is kept already."""
    _last: _Kept | None = None

    def emit(self, event: RunEvent) -> None:
        if self.dropped_kinds and event.event in self.dropped_kinds:
            return
        self.log.append(event)

    async def commit(self) -> None:
        await self.log.commit()

    async def store(self, value: object) -> StoredContent:
        last = self._last if self._last is not None and self._last.value is value else None
        if last is not None and isinstance(value, str | bytes):
            return last.stored
        if is_heavier(value, _BIG):
            return await to_thread.run_sync(self._store, value, last)
        return self._store(value, last)

    async def store_media(self, media: Sequence[Medium]) -> tuple[StoredMedium, ...]:
        return await keep_media(media, self.media, self.log.append_blob)

    async def open_nested_run(
        self, workflow_name: str, given: StoredContent, *, parent: RunId, host_path: NodePath
    ) -> RunId:
        run_id = new_run_id()
        if given.blob is not None:
            # Its row must not name what the log has still to write.
            await self.log.commit()
        await self.store_.create_nested_run(
            NewRun(
                run_id=run_id,
                workflow_name=workflow_name,
                input=given,
                additional_data=self.run.additional_data,
                revision=self.run.revision,
                file=self.run.file,
                session_id=self.run.session_id,
                user_id=self.run.user_id,
                hidden_kinds=self.run.hidden_kinds,
                created_at=now(),
                parent_run_id=parent,
                root_run_id=self.run.run_id,
                host_path=host_path,
            ),
            self.lease,
        )
        return run_id

    def _store(self, value: object, last: _Kept | None) -> StoredContent:
        # What is handed on may have been changed in place. It is looked at before it is encoded:
        # a change in between is then seen the next time.
        likeness = _likeness_of(value) if last is not None else None
        if last is not None and likeness is not None and likeness == last.likeness:
            return last.stored
        encoded = encode_content(value)
        if encoded.blob is not None and encoded.stored.blob is not None:
            self.log.append_blob(encoded.stored.blob, encoded.blob)
            self._last = _Kept(value, encoded.stored, likeness)
        return encoded.stored


def _likeness_of(value: object) -> bytes | None:
    # Deferred: only what is big and handed on needs pickle, which takes milliseconds to import.
    from tuiflow.model.likeness import likeness_of  # noqa: PLC0415

    return likeness_of(value)
