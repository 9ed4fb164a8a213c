"""What the engine needs from outside, in one Protocol: who records, and who knows about runs."""

from collections.abc import Sequence
from typing import Protocol

from tuiflow.model.content import StoredContent
from tuiflow.model.events import RunEvent
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.media import Medium
from tuiflow.model.stored_medium import StoredMedium


class Host(Protocol):
    """Implemented over the store for real runs, and over a list in tests."""

    def emit(self, event: RunEvent) -> None:
        """Record a fact: gives it seq and time. From any thread; about a microsecond."""
        ...

    async def commit(self) -> None:
        """Return once everything emitted so far is safe; raises StoreError when it cannot be."""
        ...

    async def store(self, value: object) -> StoredContent:
        """Encode a value for an event; a big one goes to the blobs first."""
        ...

    async def store_media(self, media: Sequence[Medium]) -> tuple[StoredMedium, ...]:
        """Keep media, each once in a run; raises MediaError for a file that cannot be read."""
        ...

    async def open_nested_run(
        self, workflow_name: str, given: StoredContent, *, parent: RunId, host_path: NodePath
    ) -> RunId:
        """Make the row of a nested run, and give its id."""
        ...
