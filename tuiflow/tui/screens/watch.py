"""Follows one run, or holds the shape of an idle workflow: what the tree and the panes show."""

from dataclasses import dataclass, field, replace

from tuiflow.model.ids import RunId
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.service import BrokenFile, RunFold, RunRecord, Service, WorkflowEntry

_SLICE = 0.15  # seconds read of a long run before what is known by then is shown


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
    _fold: RunFold | None = None

    @property
    def status(self) -> Status:
        """Where the run stands, by its row while its events are not read."""
        if self.record is None or (self.state.seq and not self.is_behind):
            return self.state.status
        return self.record.status

    @property
    def is_behind(self) -> bool:
        """There is more of the run than has been read: of a long one a slice is, each time."""
        return self._fold is not None and self._fold.is_behind

    @property
    def is_active(self) -> bool:
        return self.run_id is not None and not self.status.is_final

    def until(self, now: int) -> int:
        """Say to what moment its open steps count: of a run that is over, to its end."""
        return (self.record and self.record.ended_at) or now

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
        before = (self.state.seq, _that_is_shown(self.record))
        self.record = await service.get_run(self.run_id)
        fold = self._fold = self._fold or service.fold(self.run_id)
        told = await fold.catch_up(within=_SLICE)
        if told.nodes:
            self.state = told
        elif not self.state.nodes and (outline := await service.get_outline(self.run_id)):
            self.state = RunState.of_outline(outline)
        record, state = self.record, self.state
        is_lost = record.status is Status.CRASHED and not state.status.is_final
        if is_lost and state.root and not self.is_behind:
            self.state = state.crashed(record.ended_at or service.now(), record.reason)
        return (self.state.seq, _that_is_shown(self.record)) != before


def watch_workflow(entry: WorkflowEntry) -> Watch:
    """Look at a workflow that is not running."""
    return Watch(entry=entry, state=RunState.of_outline(entry.outline.root))


def _names(watch: Watch) -> tuple[object, ...]:
    if watch.run_id is not None:
        return (watch.run_id,)
    return (watch.entry and watch.entry.key, watch.broken and watch.broken.file)


def _that_is_shown(record: RunRecord | None) -> RunRecord | None:
    # Its heartbeat and what its steps say move nothing in the tree.
    return replace(record, worker=None, last_seq=0) if record else None
