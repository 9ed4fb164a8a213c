"""The engine's host over a store: a run's events go to its log, nested runs get their rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from anyio import to_thread

from tuiflow.model.clock import now
from tuiflow.model.content import EncodedContent, StoredContent, encode_content
from tuiflow.model.ids import NodePath, RunId, new_run_id
from tuiflow.model.media import Medium
from tuiflow.model.run_event import RunEvent
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.model.weight import is_heavier
from tuiflow.store import EventLog, NewRun, RunRecord, Store
from tuiflow.workflow.kept_media import keep_media

_BIG = 10_000
"""Of this weight a value takes so long to encode that other steps would wait for it."""


@dataclass
class StoreHost:
    """Records one run under its lease."""

    log: EventLog
    store_: Store
    run: RunRecord
    dropped_kinds: frozenset[str] = frozenset()
    """Chatter the author does not want: it never gets a seq."""
    media: dict[Medium, StoredMedium] = field(default_factory=dict[Medium, StoredMedium])
    """What is kept already."""
    _texts: dict[int, tuple[object, StoredContent]] = field(
        default_factory=dict[int, tuple[object, StoredContent]]
    )

    def emit(self, event: RunEvent) -> None:
        if self.dropped_kinds and event.event in self.dropped_kinds:
            return
        self.log.append(event)

    async def commit(self) -> None:
        await self.log.commit()

    async def store(self, value: object) -> StoredContent:
        known = self._texts.get(id(value))
        if known is not None and known[0] is value:
            return known[1]
        if is_heavier(value, _BIG):
            encoded = await to_thread.run_sync(encode_content, value)
        else:
            encoded = encode_content(value)
        return self._keep(value, encoded)

    async def store_media(self, media: Sequence[Medium]) -> tuple[StoredMedium, ...]:
        return await keep_media(media, self.media, self.log.append_blob)

    async def open_nested_run(
        self, workflow_name: str, *, parent: RunId, host_path: NodePath
    ) -> RunId:
        run_id = new_run_id()
        await self.store_.create_nested_run(
            NewRun(
                run_id=run_id,
                workflow_name=workflow_name,
                input=self.run.input,
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
            )
        )
        return run_id

    def _keep(self, value: object, encoded: EncodedContent) -> StoredContent:
        if encoded.blob is not None and encoded.stored.blob is not None:
            self.log.append_blob(encoded.stored.blob, encoded.blob)
            # Text cannot change, so the same object handed on is not encoded again.
            if isinstance(value, str | bytes):
                self._texts = {id(value): (value, encoded.stored)}
        return encoded.stored
