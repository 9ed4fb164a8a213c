"""The host of a run beside what its program does: when that ends first, the run has crashed."""

from collections.abc import Sequence
from dataclasses import dataclass

from tuiflow.engine import Host
from tuiflow.model.content import StoredContent
from tuiflow.model.events import WorkflowCancelledEvent, WorkflowCrashedEvent
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.media import Medium
from tuiflow.model.run_event import RunEvent
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.workflow.claimed_run import RunControl
from tuiflow.workflow.runs import Start

ENDED_FIRST = "its program ended before it did"


@dataclass(frozen=True, slots=True)
class BackgroundHost:
    """Records that a run has crashed where it is cancelled and nobody has asked for that."""

    host: Host
    control: RunControl

    def emit(self, event: RunEvent) -> None:
        if isinstance(event, WorkflowCancelledEvent) and not self.control.is_cancelled:
            common = {name: getattr(event, name) for name in RunEvent.model_fields}
            event = WorkflowCrashedEvent(**common, reason=ENDED_FIRST)
        self.host.emit(event)

    async def commit(self) -> None:
        await self.host.commit()

    async def store(self, value: object) -> StoredContent:
        return await self.host.store(value)

    async def store_media(self, media: Sequence[Medium]) -> tuple[StoredMedium, ...]:
        return await self.host.store_media(media)

    async def open_nested_run(
        self, workflow_name: str, given: StoredContent, *, parent: RunId, host_path: NodePath
    ) -> RunId:
        return await self.host.open_nested_run(
            workflow_name, given, parent=parent, host_path=host_path
        )


def host_of(start: Start, host: Host, control: RunControl) -> Host:
    """Give a run the host that fits the way it was started."""
    return BackgroundHost(host, control) if start.is_background else host
