"""The author's Workflow: a definition, and a place where its runs are kept."""

from collections.abc import Coroutine, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Unpack, overload

from pydantic import BaseModel

from tuiflow.engine import WorkflowDefinition
from tuiflow.engine.node import check_name
from tuiflow.engine.policy import check_history_runs
from tuiflow.engine.schemas import check_schema
from tuiflow.engine.threads import is_in_loop
from tuiflow.errors import RunError
from tuiflow.model.ids import RunId, SessionId, new_run_id
from tuiflow.model.outline import CANCEL_GRACE, WorkflowOutline
from tuiflow.store import Database
from tuiflow.workflow.asking import Tells
from tuiflow.workflow.background import keep_running
from tuiflow.workflow.blocking import call_blocking
from tuiflow.workflow.crossing import for_a_worker
from tuiflow.workflow.going_on import GoesOn
from tuiflow.workflow.importing import check_not_importing
from tuiflow.workflow.memory_runs import MemoryRuns
from tuiflow.workflow.options import (
    LITTLE,
    RunOptions,
    UseLog,
    check_policies,
    check_skipped,
    chosen,
)
from tuiflow.workflow.run_output import WorkflowRunOutput
from tuiflow.workflow.runs import Runs, Start
from tuiflow.workflow.stored_runs import StoredRuns
from tuiflow.workflow.streaming import AsyncEventStream, EventStream, StreamedRun
from tuiflow.workflow.written import check_db, choose_db, make_root, place_of_call

if TYPE_CHECKING:
    from rich.console import Console


class Workflow(GoesOn, Tells):
    """A tree of steps with a name, or one function, to `run`; raises DefinitionError."""

    def __init__(  # noqa: PLR0913 - the options of a workflow, all of them by keyword
        self,
        *,
        name: str,
        steps: object,
        description: str = "",
        id: str | None = None,  # noqa: A002 - the name authors know
        db: Database | str | Path | Literal[False] | None = None,
        input_schema: type[BaseModel] | None = None,
        output_schema: type[BaseModel] | None = None,
        session_id: str | None = None,
        user_id: str | None = None,
        session_state: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        dependencies: dict[str, Any] | None = None,
        store_events: bool = True,
        events_to_skip: Sequence[object] = (),
        add_workflow_history_to_steps: bool = False,
        num_history_runs: int = 3,
        durability: Literal["step", "batch"] = "step",
        cancel_grace: float = CANCEL_GRACE,  # seconds
        stream: bool = False,
        stream_events: bool | None = None,
        **no_use: object,
    ) -> None:
        file, line = place_of_call()
        name = check_name("Workflow", name)
        title = f"Workflow {name!r}"
        check_policies(title, durability, cancel_grace)
        self._use_log = UseLog(title)
        self._use_log.check(no_use)
        self.session_id = session_id
        self.stream = stream
        self.stream_events = stream_events
        self.run_response: WorkflowRunOutput | None = None
        hidden, dropped = check_skipped(title, events_to_skip, store_events=store_events)
        self.definition = WorkflowDefinition(
            name=name,
            root=make_root(title, steps, self),
            id=id or name,
            description=description,
            input_schema=check_schema(title, "input_schema", input_schema),
            output_schema=check_schema(title, "output_schema", output_schema),
            durability=durability,
            cancel_grace=cancel_grace,
            file=file,
            line=line,
            session_id=SessionId(session_id) if session_id else None,
            user_id=user_id,
            session_state=session_state or {},
            adds_history=add_workflow_history_to_steps,
            history_runs=check_history_runs(title, num_history_runs),
            metadata=metadata or {},
            dependencies=dependencies or {},
            hidden_kinds=hidden,
            dropped_kinds=dropped,
        )
        self._db = check_db(title, db)
        self._runs: Runs | None = MemoryRuns() if db is False else None

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def id(self) -> str:
        return self.definition.id

    @property
    def description(self) -> str:
        return self.definition.description

    def outline(self) -> WorkflowOutline:
        """Describe the workflow without its code."""
        return self.definition.outline()

    @overload
    def run(
        self,
        input: object = None,
        *,
        stream: Literal[False] | None = None,
        **options: Unpack[RunOptions],
    ) -> WorkflowRunOutput: ...
    @overload
    def run(
        self, input: object = None, *, stream: Literal[True], **options: Unpack[RunOptions]
    ) -> EventStream: ...
    def run(
        self,
        input: object = None,  # noqa: A002 - the name authors know
        *,
        stream: bool | None = None,
        **options: Unpack[RunOptions],
    ) -> WorkflowRunOutput | EventStream:
        """Run to the end in this thread, or with `stream=True` give its events as they come.

        Not inside a running loop. Raises InputError before anything is stored, and
        StepFailedError when a step fails the run.
        """
        if is_in_loop():
            what = "async for event in" if self._streams(stream=stream) else "await"
            raise RunError(
                f"Workflow.run() of {self.name!r} was called inside a running event loop: "
                f"write `{what} workflow.arun(…)`"
            )
        if "background" in options:
            raise RunError("run() waits for its end: background=True is an option of arun()")
        if self._streams(stream=stream):
            return EventStream(self._streamed(input, options))
        return call_blocking(partial(self._arun, input, options))

    @overload
    def arun(
        self,
        input: object = None,
        *,
        background: bool | Literal["process"] = False,
        stream: Literal[False] | None = None,
        **options: Unpack[RunOptions],
    ) -> Coroutine[Any, Any, WorkflowRunOutput]: ...
    @overload
    def arun(
        self,
        input: object = None,
        *,
        background: Literal[False] = False,
        stream: Literal[True],
        **options: Unpack[RunOptions],
    ) -> AsyncEventStream: ...
    def arun(
        self,
        input: object = None,  # noqa: A002 - the name authors know
        *,
        background: bool | Literal["process"] = False,
        stream: bool | None = None,
        **options: Unpack[RunOptions],
    ) -> Coroutine[Any, Any, WorkflowRunOutput] | AsyncEventStream:
        """Run to the end; with `stream=True` give the events; with `background` do not wait.

        `background="process"` gives the run a worker of its own. Raises as `run`.
        """
        if not self._streams(stream=stream):
            return self._arun(input, options, background=background)
        if background:
            raise RunError("a run in the background has no reader: choose stream or background")
        return AsyncEventStream(self._streamed(input, options))

    def get_run(self, run_id: str) -> WorkflowRunOutput | None:
        """Read a run of this workflow's database; None for an unknown id."""
        return call_blocking(partial(self.aget_run, run_id))

    async def aget_run(self, run_id: str) -> WorkflowRunOutput | None:
        """Read a run of this workflow's database; None for an unknown id."""
        return await self._kept().get(RunId(run_id))

    def cancel_run(self, run_id: str, reason: str = "cancel_run() was called") -> bool:
        """Ask a run to end; False for an unknown or ended one, NestedRunError for a nested one."""
        return call_blocking(partial(self.acancel_run, run_id, reason))

    async def acancel_run(self, run_id: str, reason: str = "cancel_run() was called") -> bool:
        """Ask a run to end; False for an unknown or ended one, NestedRunError for a nested one."""
        return await self._kept().cancel(RunId(run_id), reason)

    def print_response(
        self,
        input: object = None,  # noqa: A002 - the name authors know
        *,
        stream: bool = False,
        markdown: bool = True,
        console: "Console | None" = None,
        **options: Unpack[RunOptions],
    ) -> None:
        """Run and print the tree as it goes, then the content or the failure; raises as `run`.

        With `stream` also the text that steps give piece by piece.
        """
        # Deferred: rich is for who prints.
        from tuiflow.workflow.printing import Printer, print_run  # noqa: PLC0415

        events = self.run(input, stream=True, **{**options, "stream_events": True})
        print_run(events, Printer(console, markdown=markdown, stream=stream))

    async def aprint_response(
        self,
        input: object = None,  # noqa: A002 - the name authors know
        *,
        stream: bool = False,
        markdown: bool = True,
        console: "Console | None" = None,
        **options: Unpack[RunOptions],
    ) -> None:
        """Do as `print_response` inside a running loop."""
        from tuiflow.workflow.printing import Printer, print_run_async  # noqa: PLC0415 - as above

        events = self.arun(input, stream=True, **{**options, "stream_events": True})
        await print_run_async(events, Printer(console, markdown=markdown, stream=stream))

    def __repr__(self) -> str:
        return f"Workflow(name={self.name!r})"

    def _streams(self, *, stream: bool | None) -> bool:
        return self.stream if stream is None else stream

    def _start(self, given: object, options: RunOptions) -> Start:
        check_not_importing(self.name)
        self._use_log.check(options, RunOptions.__annotations__)
        _ = self.definition.tree  # one that cannot run is refused before anything is stored
        # As its users know it: without an id of its own, an object's runs are one session.
        self.session_id = self.session_id or str(new_run_id())
        return Start.of(self.definition, given, options, session_id=self.session_id)

    async def _arun(
        self,
        given: object,
        options: RunOptions,
        *,
        background: bool | Literal["process"] = False,
    ) -> WorkflowRunOutput:
        start = self._start(given, options)
        kept = self._kept()
        if background == "process":
            pending = await kept.create(self.definition, for_a_worker(self.definition, start))
            kept.spawn(self.definition, start)
            return pending
        if not background:
            return self._take(await kept.run(self.definition, start))
        start = replace(start, is_background=True)
        pending = await kept.create(self.definition, start)
        keep_running(partial(self._execute, start), start.run_id, kept.end_left)
        return pending

    async def _execute(self, start: Start) -> WorkflowRunOutput:
        return self._take(await self._kept().execute(self.definition, start))

    def _streamed(self, given: object, options: RunOptions) -> StreamedRun:
        start = self._start(given, options)
        kept = self._kept()
        return StreamedRun(
            run_id=start.run_id,
            create=partial(kept.create, self.definition, start),
            execute=partial(self._execute, start),
            cancel=partial(self.acancel_run, start.run_id),
            end_left=kept.end_left,
            open_log=partial(kept.open_log, start.run_id),
            kinds=LITTLE if chosen(options, "stream_events", self.stream_events) is False else None,
        )

    def _kept(self) -> Runs:
        # The database is chosen at the first run, so that importing a workflow touches no disk.
        if self._runs is None:
            self._runs = StoredRuns(choose_db(self._db, Path(self.definition.file)))
        return self._runs
