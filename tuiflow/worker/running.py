"""Claims a run of the imported file and executes it to its end."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import anyio

from tuiflow import errors
from tuiflow.engine import Host
from tuiflow.errors import StoreError, TuiflowError, WorkflowNotFoundError
from tuiflow.model.content import StoredContent
from tuiflow.model.control import OWN_ERROR, Claimed, ClaimRun, Refused
from tuiflow.model.failure import describe_exception
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.media import Medium
from tuiflow.model.run_event import RunEvent, WorkflowRunEvent
from tuiflow.model.status import Status
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.store import (
    RUN_ID_VARIABLE,
    Lease,
    Store,
    describe_process,
    open_store,
    resolve_db,
)
from tuiflow.worker.cancelling import Canceller
from tuiflow.worker.capture import Capture
from tuiflow.worker.control import ControlChannel
from tuiflow.worker.importing import ImportedFile
from tuiflow.worker.last_words import LastWords
from tuiflow.worker.leftovers import Leftovers
from tuiflow.workflow import RunControl, Workflow, run_claimed

EXIT_CODES = {Status.COMPLETED: 0, Status.ERROR: 1, Status.CANCELLED: 130}
EXIT_REFUSED = 2
CANCELLED = WorkflowRunEvent.workflow_cancelled


def claim_and_run(
    order: ClaimRun, imported: ImportedFile, control: ControlChannel, capture: Capture
) -> int:
    """Execute the run and give the exit code that its end stands for."""
    worker = RunWorker(order, imported, capture)
    return anyio.run(worker.run, control)


class RunWorker:
    """One run in this process, from the claim to the end."""

    def __init__(self, order: ClaimRun, imported: ImportedFile, capture: Capture) -> None:
        self._order = order
        self._imported = imported
        self._capture = capture
        self._process = describe_process(order.run_id, mode="worker")

    async def run(self, channel: ControlChannel) -> int:
        """Claim, say so, let go of the supervisor, and execute."""
        try:
            workflow = self._workflow()
            db = resolve_db(self._order.database, project=Path.cwd())
            async with open_store(db, create=False) as store:
                lease = await self._claim(store)
                channel.send(Claimed(run_id=self._order.run_id))
                channel.close()
                return await self._execute_aloud(workflow, store, lease)
        except TuiflowError as error:
            channel.send(Refused(run_id=self._order.run_id, reason=str(error)))
            return EXIT_REFUSED

    async def _execute_aloud(self, workflow: Workflow, store: Store, lease: Lease) -> int:
        words = LastWords(lease.run_id)
        try:
            status = await self._execute(workflow, store, lease, words)
        except BaseException as error:
            # Nobody listens any more, and the run's log is what has failed.
            words.say(_sentence(error))
            raise
        words.forget()
        return EXIT_CODES.get(status, 1)

    def _workflow(self) -> Workflow:
        workflows, name = self._imported.workflows, self._order.workflow_name
        if name not in workflows:
            raise WorkflowNotFoundError(name, list(workflows))
        return workflows[name]

    async def _claim(self, store: Store) -> Lease:
        run_id = self._order.run_id
        await store.save_report(self._imported.report)
        lease = await store.claim_run(run_id, self._process)
        if lease is None:
            run = await store.get_run(run_id)
            raise AlreadyClaimedError(run_id, run.status)
        os.environ[RUN_ID_VARIABLE] = run_id
        return lease

    async def _execute(
        self, workflow: Workflow, store: Store, lease: Lease, words: LastWords
    ) -> Status:
        definition = workflow.definition
        run = await store.get_run(lease.run_id)
        status = Status.CRASHED
        async with anyio.create_task_group() as group:

            def begin(control: RunControl) -> None:
                leftovers = Leftovers(self._process, definition.cancel_grace)
                self._capture.begin(definition.name, control.host.emit)
                control.host = CapturingHost(control.host, self._capture, leftovers)
                canceller = Canceller(control, store, run.run_id, words, leftovers)
                canceller.listen()
                group.start_soon(canceller.watch)

            status = await run_claimed(definition, store, lease, run, on_started=begin)
            group.cancel_scope.cancel()
        # The run is over, and nobody waits for this process any more.
        with suppress(StoreError):
            await store.fold_if_long(run.run_id)
        return status


def _sentence(error: BaseException) -> str:
    failure = describe_exception(error)
    is_said = failure.type in vars(errors)
    return failure.message if is_said else OWN_ERROR + failure.summary


class AlreadyClaimedError(TuiflowError):
    """The run was cancelled before it began, or another worker has it."""

    def __init__(self, run_id: RunId, status: Status) -> None:
        super().__init__(f"run {run_id} is {status} already")


class CapturingHost:
    """Lets captured output in before the step or run ends that it belongs to.

    What a cancelled run has started ends before the run does.
    """

    def __init__(self, host: Host, capture: Capture, leftovers: Leftovers) -> None:
        self._host = host
        self._capture = capture
        self._leftovers = leftovers

    def emit(self, event: RunEvent) -> None:
        if event.event == CANCELLED and event.nested_run_id is None:
            self._leftovers.end()
        self._capture.note(event)
        self._host.emit(event)

    async def commit(self) -> None:
        await self._host.commit()

    async def store(self, value: object) -> StoredContent:
        return await self._host.store(value)

    async def store_media(self, media: Sequence[Medium]) -> tuple[StoredMedium, ...]:
        return await self._host.store_media(media)

    async def open_nested_run(
        self, workflow_name: str, given: StoredContent, *, parent: RunId, host_path: NodePath
    ) -> RunId:
        return await self._host.open_nested_run(
            workflow_name, given, parent=parent, host_path=host_path
        )
