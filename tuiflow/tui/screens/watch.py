"""Follows one run, or holds the shape of an idle workflow: what the tree and the panes show."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import anyio.to_thread

from tuiflow.model.events import Event
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.service import BrokenFile, RunRecord, Service, WorkflowEntry

PAGE = 5000  # events a time
_FOLD_HERE = 400  # a bigger batch is folded on a thread, so that keys go on working


@dataclass(slots=True)
class Watch:
    """What the cursor of the list has chosen: a run, an idle workflow, a broken file, nothing."""

    entry: WorkflowEntry | None = None
    broken: BrokenFile | None = None
    run_id: RunId | None = None
    record: RunRecord | None = None
    state: RunState = field(default_factory=RunState)
    is_new: bool = True
    """Nothing of it has been shown yet."""

    @property
    def status(self) -> Status:
        """Where the run stands, by its row while it has no events yet."""
        if self.state.seq or self.record is None:
            return self.state.status
        return self.record.status

    @property
    def is_active(self) -> bool:
        return self.run_id is not None and not self.status.is_final

    def is_like(self, other: "Watch") -> bool:
        """Say whether both look at the same run, workflow or file, perhaps of another revision."""
        return _names(self) == _names(other)

    def is_same(self, other: "Watch") -> bool:
        """Say whether there is nothing in this one that the other does not show."""
        is_same_file = self.broken == other.broken
        is_same_entry = self.run_id is not None or self.entry is other.entry
        return self.is_like(other) and is_same_file and is_same_entry

    async def pull(self, service: Service) -> bool:
        """Read what is new of the run; say whether there was anything."""
        if self.run_id is None:
            return False
        before = (self.state.seq, _without_heartbeat(self.record))
        self.record = await service.get_run(self.run_id)
        if not self.state.nodes and self.record.outline is not None:
            self.state = RunState.of_outline(self.record.outline)
        changed: set[NodePath] = set()
        while batch := await service.tree_after(self.run_id, self.state.seq, limit=PAGE):
            self.state = await _fold(self.state, batch)
            changed |= self.state.changed
            if len(batch) < PAGE:
                break
        record = self.record
        if record.status is Status.CRASHED and self.state.root and not self.state.status.is_final:
            self.state = self.state.crashed(record.ended_at or service.now(), record.reason)
            changed |= self.state.changed
        self.state = replace(self.state, changed=frozenset(changed))
        return (self.state.seq, _without_heartbeat(self.record)) != before


def watch_workflow(entry: WorkflowEntry) -> Watch:
    """Look at a workflow that is not running."""
    return Watch(entry=entry, state=RunState.of_outline(entry.outline.root))


def _names(watch: Watch) -> tuple[object, ...]:
    if watch.run_id is not None:
        return (watch.run_id,)
    return (watch.entry and watch.entry.key, watch.broken and watch.broken.file)


def _without_heartbeat(record: RunRecord | None) -> RunRecord | None:
    return replace(record, worker=None) if record else None


async def _fold(state: RunState, batch: Sequence[Event]) -> RunState:
    if len(batch) < _FOLD_HERE:
        return state.after(batch)
    return await anyio.to_thread.run_sync(state.after, batch)
