"""A host that keeps what happened in a list, and notes when it was asked to make it safe."""

import threading
import time
from collections.abc import Sequence
from typing import cast

import anyio.lowlevel

from tuiflow.model.content import StoredContent, encode_content
from tuiflow.model.events import Event
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.media import Medium
from tuiflow.model.run_event import RunEvent
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.store import read_media


class RecordingHost:
    def __init__(self, run_id: str = "run") -> None:
        self.events: list[Event] = []
        self.committed = 0
        self.nested: list[tuple[str, RunId, NodePath]] = []
        self._run_id = RunId(run_id)
        self._lock = threading.Lock()

    def emit(self, event: RunEvent) -> None:
        with self._lock:
            stamp = {"seq": len(self.events) + 1, "at": time.time_ns() // 1000}
            stamped = event.model_copy(update={**stamp, "run_id": self._run_id})
            self.events.append(cast("Event", stamped))

    async def commit(self) -> None:
        await anyio.lowlevel.checkpoint()
        self.committed = len(self.events)

    async def store(self, value: object) -> StoredContent:
        return encode_content(value).stored

    async def store_media(self, media: Sequence[Medium]) -> tuple[StoredMedium, ...]:
        return tuple(each.stored for each in await read_media(media))

    async def open_nested_run(
        self, workflow_name: str, given: StoredContent, *, parent: RunId, host_path: NodePath
    ) -> RunId:
        self.nested.append((workflow_name, parent, host_path))
        return RunId(f"nested-{len(self.nested)}")

    @property
    def lines(self) -> list[str]:
        """What happened, one line per lifecycle event: `StepStarted w/a`."""
        return [f"{event.kind} {event.node_path}" for event in self.events]
