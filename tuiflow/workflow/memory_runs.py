"""Runs that leave no trace: `db=False` keeps them in this process."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile

from tuiflow.engine import WorkflowDefinition
from tuiflow.engine.past_runs import PastRuns, Turn
from tuiflow.engine.step_io import content_text
from tuiflow.errors import InputError, NestedRunError, RunError, RunExistsError
from tuiflow.model.content import encode_content
from tuiflow.model.events import Event, WorkflowCancelledEvent, WorkflowCrashedEvent
from tuiflow.model.ids import RunId, SessionId, root_path
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.session import StoredState
from tuiflow.model.status import Status
from tuiflow.workflow.background_host import ENDED_FIRST, host_of
from tuiflow.workflow.claimed_run import RunControl, RunEnd, run_under_control
from tuiflow.workflow.memory_host import MemoryHost, MemorySession
from tuiflow.workflow.recorded import Recorded, read_content
from tuiflow.workflow.run_output import WorkflowRunOutput
from tuiflow.workflow.runs import Again, Finished, Start, with_live_values


@dataclass
class _Kept:
    definition: WorkflowDefinition
    start: Start
    host: MemoryHost
    control: RunControl | None = None
    end: RunEnd | None = None


@dataclass
class MemoryRuns:
    """Every run of one Workflow object, for as long as the object lives."""

    _kept: dict[RunId, _Kept] = field(default_factory=dict[RunId, _Kept])
    _sessions: dict[SessionId, MemorySession] = field(
        default_factory=dict[SessionId, MemorySession]
    )

    async def create(self, definition: WorkflowDefinition, start: Start) -> WorkflowRunOutput:
        if start.run_id in self._kept:
            raise RunExistsError(start.run_id)
        session = None
        if start.session_id is not None:
            session = self._sessions.setdefault(start.session_id, MemorySession(start.session_id))
        host = MemoryHost(start.run_id, dropped_kinds=definition.dropped_kinds, session=session)
        kept = _Kept(definition, start, host)
        await kept.host.store_media(start.media)
        self._kept[start.run_id] = kept
        return _read(kept)

    async def execute(self, definition: WorkflowDefinition, start: Start) -> Finished:
        kept = self._kept[start.run_id]
        if kept.end is None:
            kept.control = RunControl()
            kept.control.host = host_of(start, kept.host, kept.control)
            request = replace(
                start.request(),
                stored_state=kept.host.load_session(),
                past=PastRuns(partial(self._read_past, start)),
            )
            kept.end = await run_under_control(definition, request, kept.control)
        return Finished(output=_read(kept), error=kept.end.error)

    async def run(self, definition: WorkflowDefinition, start: Start) -> Finished:
        await self.create(definition, start)
        return await self.execute(definition, start)

    def spawn(self, definition: WorkflowDefinition, start: Start) -> None:
        raise InputError(
            f"workflow {definition.name!r} has db=False: its runs cannot leave this process"
        )

    def end_left(self, run_id: RunId) -> None:
        kept = self._kept[run_id]
        if kept.control is None and kept.end is None:
            path = root_path(kept.definition.name)
            kept.host.emit(WorkflowCrashedEvent(node_path=path, reason=ENDED_FIRST))
            kept.end = RunEnd(Status.CRASHED)

    async def resume(self, definition: WorkflowDefinition, run_id: RunId) -> Finished:
        raise _no_log(definition)

    async def rerun(self, definition: WorkflowDefinition, again: Again) -> Finished:
        raise _no_log(definition)

    def open_log(self, run_id: RunId) -> MemoryHost:
        return self._kept[run_id].host

    async def get(self, run_id: RunId) -> WorkflowRunOutput | None:
        if (root := self._root_of(run_id)) is not None:
            return _read_nested(root, run_id)
        kept = self._kept.get(run_id)
        return None if kept is None else _read(kept)

    async def cancel(self, run_id: RunId, reason: str) -> bool:
        if (root := self._root_of(run_id)) is not None:
            raise NestedRunError(run_id, root.start.run_id)
        kept = self._kept.get(run_id)
        if kept is None or kept.end is not None:
            return False
        if kept.control is None:
            path = root_path(kept.definition.name)
            kept.host.emit(WorkflowCancelledEvent(node_path=path, reason=reason))
            kept.end = RunEnd(Status.CANCELLED)
        else:
            kept.control.cancel(reason)
        return True

    def session_state(self, session_id: str) -> StoredState:
        session = self._sessions.get(SessionId(session_id))
        return dict(session.values) if session else {}

    def _read_past(self, start: Start, limit: int | None) -> list[Turn]:
        turns: list[Turn] = []
        for kept in reversed(list(takewhile(lambda kept: kept.start is not start, self._all()))):
            if limit is not None and len(turns) == limit:
                break
            if kept.start.session_id == start.session_id and kept.end and kept.end.output:
                turns.append(
                    (content_text(kept.start.input), content_text(kept.end.output.content))
                )
        return turns[::-1]

    def _root_of(self, nested: RunId) -> _Kept | None:
        return next((kept for kept in self._all() if nested in kept.host.nested), None)

    def _all(self) -> Iterator[_Kept]:
        # In the order they were made.
        return iter(list(self._kept.values()))


def _no_log(definition: WorkflowDefinition) -> RunError:
    return RunError(
        f"workflow {definition.name!r} has db=False: its runs leave no log to go on from"
    )


def _read(kept: _Kept) -> WorkflowRunOutput:
    start, host = kept.start, kept.host
    given = kept.end.output if kept.end else None
    told = _recorded(host, host.events)
    facts, root = told.state.run, told.state.root
    output = WorkflowRunOutput(
        run_id=start.run_id,
        workflow_id=kept.definition.id,
        workflow_name=kept.definition.name,
        status=facts.status,
        input=read_content(encode_content(start.input).stored, host.blobs),
        content=read_content(facts.content, host.blobs),
        step_results=told.outputs(root) if root and given is None else [],
        error=facts.failure.summary if facts.failure else None,
        failure=facts.failure,
        reason=facts.reason,
        session_id=start.session_id,
        user_id=start.user_id,
        additional_data=start.additional_data,
        created_at=start.created_at,
        started_at=facts.started_at,
        ended_at=facts.ended_at,
        hidden_kinds=kept.definition.hidden_kinds,
        read_log=lambda: list(host.events),
    )
    output.set_media((*start.media, *(told.media(root, ()) if root else ())))
    return with_live_values(output, start, given)


def _read_nested(kept: _Kept, run_id: RunId) -> WorkflowRunOutput:
    host, run = kept.host, kept.host.nested[run_id]
    own = [event for event in host.events if event.nested_run_id == run_id]
    # Up to its own last word: the next try of its workflow takes its place in the tree.
    told = _recorded(host, host.events[: own[-1].seq] if own else [])
    node = told.state.nodes.get(run.host_path, NodeState(run.host_path, NodeKind.WORKFLOW, ""))
    output = WorkflowRunOutput(
        run_id=run_id,
        workflow_name=run.workflow_name,
        status=node.status,
        input=read_content(node.input, host.blobs),
        content=read_content(node.content, host.blobs),
        step_results=told.outputs(run.host_path),
        error=node.failure.summary if node.failure else None,
        failure=node.failure,
        reason=node.reason,
        session_id=kept.start.session_id,
        user_id=kept.start.user_id,
        parent_run_id=run.parent,
        additional_data=kept.start.additional_data,
        started_at=node.started_at,
        ended_at=node.ended_at,
        hidden_kinds=kept.definition.hidden_kinds,
        root=run.host_path,
        read_log=lambda: [e for e in host.events if e.nested_run_id == run_id],
    )
    output.set_media(told.media(run.host_path, ()))
    return output


def _recorded(host: MemoryHost, events: list[Event]) -> Recorded:
    told = Recorded(events)
    told.blobs, told.read_blob = host.blobs, host.blobs.__getitem__
    return told
