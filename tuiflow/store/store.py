"""Where runs are kept: what the program asks and says, over one SQLite file."""

import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import anyio

from tuiflow.errors import RunNotFoundError
from tuiflow.model.clock import now
from tuiflow.model.events import Event, WorkflowCancelledEvent, WorkflowCrashedEvent
from tuiflow.model.ids import Revision, RunId, root_path
from tuiflow.model.outline import FileReport, Outline
from tuiflow.model.status import Status
from tuiflow.model.text import write_json
from tuiflow.store import pruning
from tuiflow.store.database import SqliteDb, redactor_of
from tuiflow.store.event_query import count_events_sql, list_events_sql
from tuiflow.store.folding import RunFold, fold_if_long
from tuiflow.store.link import Link, open_link
from tuiflow.store.paging import PAGE, find_id_at, parsed, read_page, read_pages
from tuiflow.store.pruning import OldRun, Retention
from tuiflow.store.queries import sql
from tuiflow.store.records import (
    CancelAnswer,
    EventQuery,
    Lease,
    NewRun,
    RunRecord,
    WorkerRecord,
)
from tuiflow.store.rows import read_outline, read_report, read_run, read_worker
from tuiflow.store.run_head import (
    check_lease,
    read_root_head,
    write_end,
    write_new_run,
    write_reopened,
    write_worker,
)
from tuiflow.store.run_lists import find_run, list_runs, runs_there
from tuiflow.store.unclaimed import end_unclaimed
from tuiflow.store.verifying import Finding, verify_all, verify_run

LAST_WORDS_SECONDS = 0.5  # for a worker to write down how its run ended


@asynccontextmanager
async def open_store(
    db: SqliteDb, *, create: bool = True, on_gone: Callable[[str], None] | None = None
) -> AsyncGenerator["Store", None]:
    """Open a database, `on_gone` as for the link; raises a StoreError where it cannot be used."""
    async with open_link(db, create=create, on_gone=on_gone) as link:
        yield Store(link, db)


class Store:
    """Runs, their events and what they stand on; every method may raise StoreError."""

    def __init__(self, link: Link, db: SqliteDb) -> None:
        self.db = db
        self._link = link
        self.path = link.path

    async def create_run(self, run: NewRun, *, starter: WorkerRecord | None = None) -> None:
        """Make a pending run with the blobs of its input; raises RunExistsError.

        `starter` is the process without which nobody claims it: with that the run is lost.
        """
        async with self._link.transaction(anew=run.root_run_id is None) as transaction:
            await write_new_run(transaction, run, redactor_of(self.db))
            await write_worker(transaction, starter)

    async def create_nested_run(self, run: NewRun, lease: Lease) -> None:
        """Make the row of a run that lives in the log of the root under this lease.

        Raises FencedError.
        """
        if run.root_run_id != lease.run_id or run.parent_run_id is None:
            raise ValueError("a nested run has a parent, and the root that is being executed")
        async with self._link.transaction() as transaction:
            await check_lease(transaction, lease)
            await write_new_run(transaction, run, redactor_of(self.db))

    async def reopen_run(
        self,
        run_id: RunId,
        *,
        revision: Revision | None = None,
        starter: WorkerRecord | None = None,
    ) -> None:
        """Make a failed, cancelled or crashed run pending again, as `create_run` does a new one.

        `revision` is that of the code it goes on with. Raises NestedRunError, NotResumableError.
        """
        async with self._link.transaction() as transaction:
            await write_reopened(transaction, run_id, revision)
            await write_worker(transaction, starter)

    async def name_starter(self, starter: WorkerRecord) -> None:
        """Say that a pending run has another starter by now."""
        async with self._link.transaction() as transaction:
            await write_worker(transaction, starter)

    async def claim_run(self, run_id: RunId, worker: WorkerRecord) -> Lease | None:
        """Take a pending run for a worker; None when it is no longer to be had."""
        token = secrets.token_hex(8)
        async with self._link.transaction() as transaction:
            head = await read_root_head(transaction, run_id)
            if not await transaction.execute("claim_run", run_id=run_id, token=token):
                return None
            await write_worker(transaction, worker)
        return Lease(run_id, token, head.episode + 1, head.last_seq, head.session_id)

    async def get_run(self, run_id: RunId) -> RunRecord:
        """Read one run; raises RunNotFoundError."""
        row = await self._link.fetch_one("read_runs", "with_id", run_id=run_id)
        if row is None:
            raise RunNotFoundError(run_id)
        return read_run(row)

    async def get_outline(self, run_id: RunId) -> Outline | None:
        """Read the shape a run was made with; None where it is not known."""
        row = await self._link.fetch_one("get_outline", run_id=run_id)
        return None if row is None else await anyio.to_thread.run_sync(read_outline, row)

    async def find_run(self, tail: str) -> RunId:
        """Find a run by its whole id, an unambiguous end of it, or `last`."""
        return await find_run(self._link, tail)

    async def list_runs(
        self, *, workflow_name: str | None = None, limit: int = 100, before: RunId | None = None
    ) -> list[RunRecord]:
        """List root runs, the newest first."""
        return await list_runs(self._link, workflow_name, limit, before)

    async def runs_there(self, run_ids: Sequence[RunId]) -> set[RunId]:
        """Say which of these runs are kept, and name all root runs that go on besides."""
        return await runs_there(self._link, run_ids)

    async def count_runs(self, since: int = 0) -> dict[Status, int]:
        """Count root runs made since then by their status; a status nobody has is left out."""
        rows = await self._link.fetch_all(sql("count_runs"), {"since": since})
        return {Status(status): count for status, count in rows if status in set(Status)}

    async def request_cancel(
        self, run_id: RunId, *, kill_after: int | None = None, reason: str = ""
    ) -> CancelAnswer:
        """Ask a run to end; one that nobody has claimed ends here and now.

        Unset, `kill_after` gives it its workflow's grace, and a moment more for its last words;
        the earliest one and the first reason count. Raises NestedRunError.
        """
        at = now()
        async with self._link.transaction() as transaction:
            head = await read_root_head(transaction, run_id)
            if head.status.is_final:
                return CancelAnswer.ALREADY_OVER
            if head.status is Status.PENDING:
                event = WorkflowCancelledEvent(
                    node_path=root_path(head.workflow_name), reason=reason
                )
                await write_end(transaction, head, event, at)
                return CancelAnswer.NEVER_STARTED
            if kill_after is None:
                kill_after = at + int((head.cancel_grace + LAST_WORDS_SECONDS) * 1_000_000)
            await transaction.execute(
                "request_cancel", run_id=run_id, at=at, kill_after=kill_after, reason=reason
            )
        return CancelAnswer.REQUESTED

    async def end_run(
        self,
        run_id: RunId,
        event: WorkflowCancelledEvent | WorkflowCrashedEvent,
        *,
        seen: RunRecord | None = None,
    ) -> bool:
        """End a run over its worker's head, which cannot write from then on.

        False when it had ended already, or has moved on since it was `seen`; raises NestedRunError.
        """
        redactor = redactor_of(self.db)
        event = event if redactor is None else redactor.event(event)
        async with self._link.transaction() as transaction:
            head = await read_root_head(transaction, run_id)
            if head.status.is_final:
                return False
            if seen is not None and (head.status, head.episode) != (seen.status, seen.episode):
                return False
            await write_end(transaction, head, event, event.at or now())
        return True

    async def end_unclaimed(self, before: int = 0) -> int:
        """End as crashed what waits for a process that is gone, or is older and nobody's."""
        return await end_unclaimed(self._link, before)

    async def delete_run(self, run_id: RunId) -> None:
        """Delete a run that is over; raises RunGoesOnError, NestedRunError."""
        await pruning.delete_run(self._link, run_id)

    async def list_old_runs(self, retention: Retention) -> list[OldRun]:
        """List what is not kept any longer, the oldest first."""
        return await pruning.list_old_runs(self._link, retention, now())

    async def prune(self, runs: Sequence[OldRun]) -> list[OldRun]:
        """Delete runs, give their room back, and say which of them were still there."""
        return await pruning.prune(self._link, runs)

    def verify(self, run_id: RunId | None = None) -> AsyncIterator[Finding]:
        """Yield what is wrong with a root run, or with all that is kept."""
        return verify_all(self._link) if run_id is None else verify_run(self._link, run_id)

    async def events_after(self, run_id: RunId, seq: int, *, limit: int = PAGE) -> list[Event]:
        """Read a run's events of all kinds, in order."""
        return await read_page(self._link, "events_after", run_id, seq, limit)

    async def tree_events_after(self, run_id: RunId, seq: int, *, limit: int = PAGE) -> list[Event]:
        """Read what moves a tree: lifecycle events, and each node's last progress after `seq`."""
        return await read_page(self._link, "tree_events_after", run_id, seq, limit)

    def pages(self, run_id: RunId, seq: int = 0) -> AsyncIterator[list[Event]]:
        """Yield a run's events of all kinds page by page, until there are no more."""
        return read_pages(self._link, "events_after", run_id, seq)

    def tree_pages(self, run_id: RunId, seq: int = 0) -> AsyncIterator[list[Event]]:
        """Yield what moves a tree page by page, until there is no more."""
        return read_pages(self._link, "tree_events_after", run_id, seq)

    def fold(self, run_id: RunId) -> RunFold:
        """Fold a root run, from the state that is kept beside its events."""
        return RunFold(self._link, run_id)

    async def fold_if_long(self, run_id: RunId) -> None:
        """Keep the state of a run that has become long."""
        await fold_if_long(self._link, run_id)

    async def list_events(self, query: EventQuery) -> list[Event]:
        """List a page of events."""
        return await parsed(await self._link.fetch_all(*list_events_sql(query)))

    async def search_events(self, query: EventQuery) -> list[Event]:
        """List a page that may take long to be found: nobody else waits, and a cancel ends it."""
        return await parsed(await self._link.search(*list_events_sql(query)))

    async def count_events(self, query: EventQuery, *, is_search: bool = False) -> int:
        """Count what a query asks for, up to its limit; as a search where that may take long."""
        read = self._link.search if is_search else self._link.fetch_all
        return (await read(*count_events_sql(query)))[0]["count"]

    async def event_id_at(self, at: int) -> int:
        """Find an id below all events from a moment on, give or take a minute of clocks."""
        return await find_id_at(self._link, at)

    async def list_workers(self) -> list[WorkerRecord]:
        """List the workers of all running runs, the oldest run first."""
        return [read_worker(row) for row in await self._link.fetch_all(sql("list_workers"), {})]

    async def get_blob(self, digest: str) -> bytes | None:
        """Read a blob by its SHA-256."""
        row = await self._link.fetch_one("get_blob", digest=digest)
        return None if row is None else row["raw"]

    async def save_report(self, report: FileReport) -> None:
        """Keep what importing a file gave; it is the file's newest from now on."""
        async with self._link.transaction() as transaction:
            await transaction.execute(
                "save_report",
                file=report.file,
                revision=report.revision,
                is_good=report.failure is None,
                report=write_json(report),
            )

    async def latest_reports(self) -> list[FileReport]:
        """Read each file's newest good report."""
        rows = await self._link.fetch_all(sql("latest_reports"), {})
        reports = [read_report(row) for row in rows]
        return [report for report in reports if report is not None]

    async def get_report(self, revision: Revision) -> FileReport | None:
        """Read a revision's report, the good one when it was imported well and badly."""
        row = await self._link.fetch_one("get_report", revision=revision)
        return None if row is None else read_report(row)

    async def data_version(self) -> int:
        """Give a number that differs once anybody, this store too, has written something."""
        return await self._link.data_version()

    async def size(self) -> int:
        """Give the bytes of the database and of what is not yet merged into it."""
        total = 0
        for file in (anyio.Path(self.path), anyio.Path(f"{self.path}-wal")):
            with suppress(OSError):  # it is not there, or was put out of reach
                total += (await file.stat()).st_size
        return total
