"""Runs of a workflow in a database, executed by this process."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from anyio import to_thread

from tuiflow.engine import StepOutput, WorkflowDefinition
from tuiflow.errors import NotResumableError, RunNotFoundError, WorkerError
from tuiflow.model.content import EncodedContent, StoredContent, encode_content
from tuiflow.model.events import Event
from tuiflow.model.ids import RunId, root_path
from tuiflow.model.session import StoredState
from tuiflow.store import (
    CancelAnswer,
    EventReader,
    NewRun,
    RunRecord,
    SqliteDb,
    Store,
    bury_if_gone,
    describe_process,
    open_store,
    read_media,
    read_session_state,
    spawn_detached,
)
from tuiflow.workflow.background_host import ENDED_FIRST, host_of
from tuiflow.workflow.blocking import call_blocking
from tuiflow.workflow.claimed_run import InlineValues, RunControl, RunEnd, execute_claimed
from tuiflow.workflow.kept_media import reader_of, restore_media
from tuiflow.workflow.leaving import end_left, ended_if_left
from tuiflow.workflow.recorded import Recorded, read_content
from tuiflow.workflow.run_output import WorkflowRunOutput
from tuiflow.workflow.runs import Again, Finished, Start, with_live_values
from tuiflow.workflow.taking_over import check_goes_on, check_start, run_again


@dataclass(frozen=True)
class StoredRuns:
    """Opens the database for each call, and holds nothing between them."""

    db: SqliteDb

    async def create(self, definition: WorkflowDefinition, start: Start) -> WorkflowRunOutput:
        async with open_store(self.db) as store:
            await _create(store, definition, start)
            async with ended_if_left(store, start.run_id):
                return await self._read(store, start.run_id)

    async def execute(self, definition: WorkflowDefinition, start: Start) -> Finished:
        async with open_store(self.db) as store:
            return await self._execute(store, definition, start)

    async def run(self, definition: WorkflowDefinition, start: Start) -> Finished:
        async with open_store(self.db) as store:
            await _create(store, definition, start)
            return await self._execute(store, definition, start)

    async def _execute(
        self, store: Store, definition: WorkflowDefinition, start: Start
    ) -> Finished:
        values = InlineValues(
            start.input, start.session_state, start.metadata, start.dependencies, start.media
        )

        def begin(control: RunControl) -> None:
            control.host = host_of(start, control.host, control)

        end = await _claim_and_execute(definition, store, start.run_id, values, begin)
        given, error = (end.output, end.error) if end else (None, None)
        output = await self._read(store, start.run_id, start=start, given=given)
        return Finished(output=with_live_values(output, start, given), error=error)

    async def resume(self, definition: WorkflowDefinition, run_id: RunId) -> Finished:
        async with open_store(self.db) as store:
            run = await store.get_run(run_id)
            # Nobody else may be there to notice that the run's process has died.
            await bury_if_gone(store, run)
            check_goes_on(run, definition.name)
            await store.reopen_run(run_id, starter=describe_process(run_id, "starter"))
            return await self._go_on(definition, store, run_id)

    async def rerun(self, definition: WorkflowDefinition, again: Again) -> Finished:
        async with open_store(self.db) as store:
            source = await store.get_run(again.source_run_id)
            is_same = again.input is ...
            check_goes_on(source, definition.name, with_input=is_same)
            await check_start(store, source, again.from_path)
            encoded = EncodedContent(source.input) if is_same else encode_content(again.input)
            run = run_again(source, again.run_id, again.from_path, encoded)
            outline, file = definition.tree, definition.file or None
            made = replace(run, outline=outline, file=file)
            await store.create_run(made, starter=describe_process(again.run_id, "starter"))
            values = None
            if not is_same:
                media = restore_media(source.media, reader_of(self.db))
                own = dict(definition.dependencies)
                values = InlineValues(again.input, {}, None, own, media)
            return await self._go_on(definition, store, again.run_id, values)

    async def _go_on(
        self,
        definition: WorkflowDefinition,
        store: Store,
        run_id: RunId,
        values: InlineValues | None = None,
    ) -> Finished:
        end = await _claim_and_execute(definition, store, run_id, values)
        record = await store.get_run(run_id)
        if end is None:
            raise NotResumableError(run_id, record.status)
        output = await self._read(store, run_id, given=end.output)
        if end.output is not None:
            output.content, output.step_results = end.output.content, end.output.steps
            media = restore_media(record.media, reader_of(self.db))
            output.set_media((*media, *end.output.media))
        return Finished(output=output, error=end.error)

    def spawn(self, definition: WorkflowDefinition, start: Start) -> None:
        # By its name, as a worker: what stands above this layer is started and never imported.
        starting = "tuiflow.supervisor.starting"
        try:
            spawn_detached(starting, start.run_id, "--db", str(Path(self.db.db_file).absolute()))
        except WorkerError as error:
            self.end_left(start.run_id, f"not started: {error}")
            raise

    def end_left(self, run_id: RunId, reason: str = ENDED_FIRST) -> None:
        async def end() -> None:
            async with open_store(self.db) as store:
                await end_left(store, run_id, reason)

        call_blocking(end)

    def session_state(self, session_id: str) -> StoredState:
        return read_session_state(self.db, session_id)

    def open_log(self, run_id: RunId) -> EventReader:
        return EventReader(self.db, run_id)

    async def get(self, run_id: RunId) -> WorkflowRunOutput | None:
        async with open_store(self.db) as store:
            try:
                # Nobody else may be there to notice that the run's process has died.
                await bury_if_gone(store, await store.get_run(run_id))
                return await self._read(store, run_id)
            except RunNotFoundError:
                return None

    async def cancel(self, run_id: RunId, reason: str) -> bool:
        async with open_store(self.db) as store:
            try:
                answer = await store.request_cancel(run_id, reason=reason)
            except RunNotFoundError:
                return False
            worker = (await store.get_run(run_id)).worker
        if answer is CancelAnswer.REQUESTED and worker is not None and worker.mode == "worker":
            # Code that hears nothing is killed past its grace, also when this program has left.
            with suppress(WorkerError):  # it has been asked, and most runs hear that by themselves
                await to_thread.run_sync(self._spawn_ending, run_id)
        return answer is not CancelAnswer.ALREADY_OVER

    def _spawn_ending(self, run_id: RunId) -> None:
        path = str(Path(self.db.db_file).absolute())
        spawn_detached("tuiflow.supervisor.ending", run_id, "--db", path)

    async def _read(
        self,
        store: Store,
        run_id: RunId,
        *,
        start: Start | None = None,
        given: StepOutput | None = None,
    ) -> WorkflowRunOutput:
        """Read what is not here: `start` has the input and metadata, `given` what was made."""
        record = await store.get_run(run_id)
        # Reading the steps back costs as much as running them.
        told = Recorded(await _read_events(store, record) if given is None else [])
        told.read_blob = reader_of(self.db)
        content = record.content if given is None else None
        values = (None, None) if start else (record.input, record.metadata)
        stored = (*values, content, *(node.content for node in told.state.nodes.values()))
        blobs = told.blobs = await _read_blobs(store, stored)
        above = record.host_path or root_path(record.workflow_name)
        output = WorkflowRunOutput(
            run_id=run_id,
            workflow_id=record.workflow_id,
            workflow_name=record.workflow_name,
            status=record.status,
            input=read_content(values[0], blobs),
            content=read_content(content, blobs),
            step_results=told.outputs(above),
            error=record.failure.summary if record.failure else None,
            failure=record.failure,
            reason=record.reason,
            session_id=record.session_id,
            user_id=record.user_id,
            parent_run_id=record.parent_run_id,
            additional_data=record.additional_data,
            metadata=read_content(values[1], blobs),
            created_at=record.created_at,
            started_at=record.started_at,
            ended_at=record.ended_at,
            hidden_kinds=frozenset(record.hidden_kinds),
            root=above,
            read_log=lambda: call_blocking(lambda: self._read_later(record)),
        )
        output.set_media(told.media(above, record.media))
        return output

    async def _read_later(self, record: RunRecord) -> list[Event]:
        async with open_store(self.db) as store:
            root = record.root_run_id or record.run_id
            events = [event async for page in store.pages(root) for event in page]
        return [event for event in events if _is_of(event, record)]


async def _claim_and_execute(
    definition: WorkflowDefinition,
    store: Store,
    run_id: RunId,
    values: InlineValues | None,
    on_started: Callable[[RunControl], None] | None = None,
) -> RunEnd | None:
    """Execute a run to its end; None where somebody else has it, or has ended it."""
    async with ended_if_left(store, run_id):
        lease = await store.claim_run(run_id, describe_process(run_id, "inline"))
        if lease is None:
            return None
        run = await store.get_run(run_id)
        return await execute_claimed(
            definition, store, lease, run, values=values, on_started=on_started
        )


async def _create(store: Store, definition: WorkflowDefinition, start: Start) -> None:
    encoded, metadata = encode_content(start.input), encode_content(start.metadata)
    state = encode_content(start.session_state)
    media = await read_media(start.media)
    raws = (encoded.blob, metadata.blob, state.blob, *(each.raw for each in media))
    run = NewRun(
        run_id=start.run_id,
        workflow_name=definition.name,
        input=encoded.stored,
        additional_data=start.additional_data,
        file=definition.file or None,
        created_at=start.created_at,
        session_id=start.session_id,
        user_id=start.user_id,
        workflow_id=definition.id,
        metadata=metadata.stored if start.metadata else None,
        session_state=state.stored if start.session_state else None,
        hidden_kinds=tuple(sorted(definition.hidden_kinds)),
        outline=definition.tree,
        media=tuple(each.stored for each in media),
        blobs=tuple(raw for raw in raws if raw is not None),
    )
    # What is left to a worker outlives this process.
    starter = describe_process(start.run_id, "starter") if start.is_inline else None
    await store.create_run(run, starter=starter)


async def _read_events(store: Store, record: RunRecord) -> list[Event]:
    root = record.root_run_id or record.run_id
    return [event async for page in store.tree_pages(root) for event in page]


async def _read_blobs(store: Store, stored: Iterable[StoredContent | None]) -> dict[str, bytes]:
    blobs: dict[str, bytes] = {}
    for each in stored:
        if each is not None and each.blob is not None and each.blob not in blobs:
            raw = await store.get_blob(each.blob)
            if raw is not None:
                blobs[each.blob] = raw
    return blobs


def _is_of(event: Event, record: RunRecord) -> bool:
    return record.parent_run_id is None or event.nested_run_id == record.run_id
