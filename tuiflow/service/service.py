"""The one object both front ends hold: every question and every wish, and no screen in it."""

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from pydantic import JsonValue

from tuiflow.catalog import CatalogState, Notice, WorkflowEntry
from tuiflow.model.clock import now
from tuiflow.model.content import StoredContent
from tuiflow.model.control import Misfit
from tuiflow.model.events import Event
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.media import Medium
from tuiflow.model.outline import Outline
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.service import given
from tuiflow.service.contents import SHOWN_CHARS, ContentText, read_content
from tuiflow.service.following import follow
from tuiflow.service.parts import Parts
from tuiflow.service.pictures import Picture, read_picture
from tuiflow.service.reusing import Reuse
from tuiflow.service.run_input import RunInput, read_run_input
from tuiflow.service.samples import write_hello
from tuiflow.service.saving import SavedMedium, save_media
from tuiflow.service.sources import Sources
from tuiflow.service.starting import NOBODY, SAME, Same, Starter, Whose
from tuiflow.service.torture import Torture, Torturer, TortureReport
from tuiflow.store import (
    CancelAnswer,
    EventQuery,
    Finding,
    OldRun,
    Retention,
    RunFold,
    RunRecord,
    WorkerRecord,
)


class Service:
    """A project's workflows and runs. Made by `open_service`; anything may raise StoreError."""

    def __init__(self, parts: Parts) -> None:
        self.settings = parts.settings
        self.project = parts.project
        self.database = Path(parts.db.db_file)
        self.command_options = parts.options
        self._store = parts.store
        self._catalog = parts.catalog
        self._workers = parts.workers
        self._endings = parts.endings
        self._troubles = parts.troubles
        self._lost = parts.troubles.lost
        self._starter = Starter(parts.store, parts.catalog, parts.workers, self._lost, self.now)
        self._sources = Sources(parts.store)
        self._version = (-1, 0)

    @property
    def folder(self) -> Path:
        """Where workflow files are looked for."""
        return self._catalog.state.folder

    @property
    def python(self) -> Path:
        """The interpreter the next worker runs with."""
        return self._workers.python

    @property
    def retention(self) -> Retention:
        """What is kept where nothing else is asked for."""
        kept = self.settings
        return Retention(days=kept.keep_days, gigabytes=kept.keep_gigabytes, runs=kept.keep_runs)

    @property
    def catalog(self) -> CatalogState:
        return self._catalog.state

    @property
    def trouble(self) -> Notice | None:
        """The last thing that went wrong in the background."""
        return self._troubles.last

    def now(self) -> int:
        """Give the time in microseconds since 1970."""
        return now()

    async def refresh(self, key: str | None = None) -> None:
        """Read the folder now, and import what has changed and what is broken.

        With the `key` of a workflow no more of it than it takes to find that one.
        """
        await self._catalog.refresh(key)

    def find_workflow(self, key: str) -> WorkflowEntry:
        """Find by key or name; raises WorkflowNotFoundError, WorkflowAmbiguousError."""
        return self._catalog.find(key)

    async def start(
        self,
        key: str,
        *,
        input: JsonValue = None,  # noqa: A002 - the authors' own word
        additional_data: dict[str, JsonValue] | None = None,
        media: Sequence[Medium] = (),
        whose: Whose = NOBODY,
    ) -> RunId:
        """Start a run in a worker of its own; returns once the worker has claimed it.

        Raises WorkflowNotFoundError, WorkflowAmbiguousError, InputError, WorkerError.
        """
        return await self._starter.start(key, input, additional_data, media, whose)

    async def read_run_input(self, run_id: RunId) -> RunInput:
        """Read what a run was given; raises InputError where it cannot be shown whole."""
        return await read_run_input(self._store, run_id)

    async def check_input(self, entry: WorkflowEntry, given: JsonValue) -> Sequence[Misfit]:
        """Ask the author's model, in a worker, what does not fit; nothing while none can say."""
        return await self._workers.check(entry.report, entry.name, given) or ()

    async def start_again(self, run_id: RunId) -> RunId:
        """Start the workflow of a run once more, with the same input; raises like `start`."""
        return await self._starter.start_again(run_id)

    async def foresee(self, run_id: RunId, from_path: str | None = None) -> Reuse:
        """Say what a run reuses if it goes on, or with a path a new one that begins there."""
        return await self._starter.foresee(run_id, from_path, self.project)

    async def resume(self, run_id: RunId) -> None:
        """Let a failed, cancelled or crashed run go on in a worker; its finished steps are reused.

        Raises NotResumableError, NestedRunError, InputError, and as `start`.
        """
        await self._starter.resume(run_id)

    async def rerun(
        self,
        run_id: RunId,
        *,
        from_path: str | None = None,
        input: JsonValue | Same = SAME,  # noqa: A002 - the authors' own word
    ) -> RunId:
        """Start a new run that reuses what another did before a node; raises like `start`."""
        return await self._starter.rerun(run_id, from_path, input)

    async def cancel(self, run_id: RunId, *, reason: str = "") -> CancelAnswer:
        """Ask a run to stop and return at once; past its grace it is killed."""
        self._lost.forget(run_id)
        return await self._endings.cancel(run_id, reason)

    async def kill(self, run_id: RunId) -> bool:
        """End a run's processes now; False when it was over already.

        Raises RunError for a run in a process that tuiflow did not start.
        """
        return await self._endings.kill(run_id)

    async def delete_run(self, run_id: RunId) -> None:
        """Delete a run with all that is kept of it; raises RunGoesOnError, NestedRunError."""
        await self._store.delete_run(run_id)

    async def list_old_runs(self, retention: Retention) -> list[OldRun]:
        """List the runs that are not kept any longer, the oldest first."""
        return await self._store.list_old_runs(retention)

    async def prune(self, runs: Sequence[OldRun]) -> list[OldRun]:
        """Delete runs, give their room back, and say which of them were still there."""
        return await self._store.prune(runs)

    def verify(self, run_id: RunId | None = None) -> AsyncIterator[Finding]:
        """Yield what is wrong with a root run, or with all that is kept."""
        return self._store.verify(run_id)

    async def torture(
        self, torture: Torture, report: TortureReport, tell: Callable[[], None]
    ) -> None:
        """Kill a workflow's workers at random instants, and check what it was promised.

        What was done stands in the report, also of one that is cancelled midway.
        """
        await Torturer(self._store, self._starter, torture, report, tell).run()

    async def find_run(self, tail: str) -> RunId:
        """Find a run by an unambiguous end of its id, or `last`."""
        return await self._store.find_run(tail)

    async def get_run(self, run_id: RunId) -> RunRecord:
        return self._lost.seen(await self._store.get_run(run_id))

    async def get_outline(self, run_id: RunId) -> Outline | None:
        """Read the shape a run was made with; None where it is not known."""
        return await self._store.get_outline(run_id)

    async def list_runs(
        self, *, workflow_name: str | None = None, limit: int = 100, before: RunId | None = None
    ) -> list[RunRecord]:
        """List root runs, newest first."""
        runs = await self._store.list_runs(workflow_name=workflow_name, limit=limit, before=before)
        return [self._lost.seen(run) for run in runs]

    async def runs_there(self, run_ids: Sequence[RunId]) -> set[RunId]:
        """Say which of these runs are kept, and name all root runs that go on besides."""
        return await self._store.runs_there(run_ids)

    async def count_runs(self, since: int = 0) -> dict[Status, int]:
        """Count root runs by status, those made since then."""
        return await self._lost.counted(self._store, since)

    async def changed(self) -> bool:
        """Say whether anything was written to the database since the last call."""
        before, self._version = self._version, (await self._store.data_version(), len(self._lost))
        return self._version != before

    async def catalog_changed(self) -> None:
        """Return once the catalog has changed, for whoever would show it at once."""
        await self._catalog.wait_for_change()

    def fold(self, run_id: RunId) -> RunFold:
        """Fold a root run, from where it was folded before; ask it again for what came since."""
        return self._store.fold(run_id)

    async def events(self, query: EventQuery) -> list[Event]:
        """List a page of events."""
        return await self._store.list_events(query)

    async def search(self, query: EventQuery) -> list[Event]:
        """List a page of events that may take long to be found; a cancel ends it at once."""
        return await self._store.search_events(query)

    async def count_events(self, query: EventQuery, *, is_search: bool = False) -> int:
        """Count the events of a query, up to its limit; as a search where that may take long."""
        return await self._store.count_events(query, is_search=is_search)

    async def event_id_at(self, at: int) -> int:
        """Find an id below all events from a moment on."""
        return await self._store.event_id_at(at)

    def follow(self, run_id: RunId, after: int = 0) -> AsyncIterator[list[Event]]:
        """Yield a run's events in batches as they are committed, until its last one."""
        return follow(self._store, run_id, after, lost=self._lost)

    async def read_content(
        self, content: StoredContent, *, limit: int = SHOWN_CHARS
    ) -> ContentText:
        """Read a stored value as text, at most `limit` characters of it."""
        return await read_content(self._store, content, limit=limit)

    async def read_input(self, state: RunState, path: NodePath) -> ContentText:
        """Say what a node was given: input, additional data, names of the outputs before it."""
        return await given.read_input(self._store, state, path)

    async def read_previous(
        self, state: RunState, path: NodePath
    ) -> tuple[NodePath | None, ContentText | None]:
        """Give the content a node was handed as the previous step's, and whose it is."""
        return await given.read_previous(self._store, state, path)

    async def read_output(self, state: RunState, path: NodePath) -> ContentText | None:
        """Give what a node gave; of a Parallel an object with a value for each branch."""
        return await given.read_output(self._store, state, path)

    def media_before(self, state: RunState, path: NodePath) -> tuple[StoredMedium, ...]:
        """List the media a node could see, in order."""
        return given.media_before(state, path)

    def save_media(self, media: Sequence[StoredMedium], folder: Path) -> AsyncIterator[SavedMedium]:
        """Write media into a folder, one after the other; raises OSError where it cannot be."""
        return save_media(self._store, media, folder)

    async def read_picture(self, medium: StoredMedium, columns: int, rows: int) -> Picture:
        """Shrink an image to fit so many pixels; it is decoded in a process of its own."""
        return await read_picture(self._store, medium, columns, rows)

    async def source_lines(
        self, run: RunRecord, file: str, line: int, around: int = 3
    ) -> list[tuple[int, str]]:
        """Give numbered lines of a file as they were when the run's code was imported."""
        return await self._sources.lines(run.revision, file, line, around)

    async def source_changed(self, run: RunRecord, file: str) -> bool:
        """Say whether a file of the run's code reads differently on disk by now."""
        return await self._sources.has_changed(run.revision, file, self.project)

    async def database_size(self) -> int:
        """Give the bytes of the database and of what is not yet merged into it."""
        return await self._store.size()

    async def workers(self) -> list[WorkerRecord]:
        """List the workers of all running runs."""
        return await self._store.list_workers()

    def write_hello(self) -> Path:
        """Write a first workflow into the folder; raises CatalogError rather than replace one."""
        folder = self.folder
        return write_hello(folder / "workflows" if folder == self.project else folder)
