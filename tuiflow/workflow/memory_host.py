"""A host without a database: the events of a run with `db=False` stay in this process."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from anyio.lowlevel import checkpoint
from pydantic import JsonValue

from tuiflow.model.clock import now
from tuiflow.model.content import StoredContent, encode_content
from tuiflow.model.events import Event, StepLogEvent, state_changes
from tuiflow.model.ids import NodePath, RunId, SessionId, new_run_id
from tuiflow.model.media import Medium
from tuiflow.model.run_event import RunEvent
from tuiflow.model.session import SeenState, StateChanges, StoredState, conflict_sentence
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.workflow.kept_media import keep_media

_PAGE = 500  # events


@dataclass
class MemorySession:
    """One session's state, for as long as the process lives."""

    session_id: SessionId
    values: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True, slots=True)
class NestedRun:
    """Where one run stands in another."""

    workflow_name: str
    parent: RunId
    host_path: NodePath


@dataclass
class MemoryHost:
    """Keeps one run's events in a list, and the big contents they name."""

    run_id: RunId
    events: list[Event] = field(default_factory=list[Event])
    blobs: dict[str, bytes] = field(default_factory=dict[str, bytes])
    dropped_kinds: frozenset[str] = frozenset()
    session: "MemorySession | None" = None
    seen: SeenState = field(default_factory=SeenState)
    """What this run knows of its session's state."""
    media: dict[Medium, StoredMedium] = field(default_factory=dict[Medium, StoredMedium])
    """What is kept already."""
    nested: dict[RunId, NestedRun] = field(default_factory=dict[RunId, NestedRun])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def emit(self, event: RunEvent) -> None:
        if self.dropped_kinds and event.event in self.dropped_kinds:
            return
        with self._lock:
            stamp = {"seq": len(self.events) + 1, "at": now()}
            whose = {"run_id": self.run_id, "session_id": self.session and self.session.session_id}
            stamped = event.model_copy(update={**stamp, **whose})
            self.events.append(cast("Event", stamped))
        changes = state_changes(event)
        if changes is not None and self.session is not None:
            self._save(self.session, changes, event.node_path)

    def load_session(self) -> StoredState:
        """Read the session's state as it is now."""
        if self.session is not None:
            self.seen = SeenState(dict(self.session.values))
        return dict(self.seen.values)

    def _save(self, session: "MemorySession", changes: StateChanges, path: NodePath) -> None:
        lost = self.seen.lay_on(session.values, changes)
        self.seen.keep(changes)
        if lost:
            text = conflict_sentence(session.session_id, lost)
            root = NodePath(path.partition("/")[0])
            self.emit(StepLogEvent(node_path=root, text=text, level="warning"))

    def read(self, after: int) -> list[Event]:
        """Give a page of what comes after a seq."""
        return self.events[after : after + _PAGE]

    def close(self) -> None:
        """Nothing is held for a reader."""

    async def commit(self) -> None:
        await checkpoint()

    async def store(self, value: object) -> StoredContent:
        encoded = encode_content(value)
        if encoded.blob is not None and encoded.stored.blob is not None:
            self.blobs[encoded.stored.blob] = encoded.blob
        return encoded.stored

    async def store_media(self, media: Sequence[Medium]) -> tuple[StoredMedium, ...]:
        return await keep_media(media, self.media, self.blobs.__setitem__)

    async def open_nested_run(
        self,
        workflow_name: str,
        given: StoredContent,
        *,
        parent: RunId,
        host_path: NodePath,
    ) -> RunId:
        run_id = new_run_id()
        self.nested[run_id] = NestedRun(workflow_name, parent, host_path)
        return run_id
