"""The author's Workflow: a definition, and a place where its runs are kept."""

import inspect
import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, NoReturn

from pydantic import BaseModel

from tuiflow.engine import Node, Steps, WorkflowDefinition
from tuiflow.engine.node import check_name, refuse
from tuiflow.engine.schemas import check_schema
from tuiflow.errors import DefinitionError, NotSupportedError, RunError
from tuiflow.model.ids import RunId, new_run_id
from tuiflow.model.outline import WorkflowOutline
from tuiflow.settings import find_project
from tuiflow.store import Database, SqliteDb, resolve_db
from tuiflow.workflow.background import keep_running
from tuiflow.workflow.blocking import call_blocking, is_in_loop
from tuiflow.workflow.memory_runs import MemoryRuns
from tuiflow.workflow.run_output import WorkflowRunOutput
from tuiflow.workflow.runs import Runs, Start, check_additional_data
from tuiflow.workflow.stored_runs import StoredRuns

NO_USE = frozenset({"telemetry", "debug_mode", "strict_input_validation", "show_time"})
"""Options authors may bring along from elsewhere; they are named in the log and do nothing."""
_log = logging.getLogger("tuiflow")


class Workflow:
    """A tree of steps with a name; `run` and `arun` execute it."""

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
        cancel_grace: float = 3.0,
        stream: bool = False,
        stream_events: bool = False,
        **no_use: object,
    ) -> None:
        frame = inspect.currentframe()
        caller = frame.f_back if frame else None
        title = f"Workflow {check_name('Workflow', name)!r}"
        refuse(title, session_id=session_id, stream=stream)
        refuse(title, store_events=not store_events, events_to_skip=events_to_skip)
        refuse(title, add_workflow_history_to_steps=add_workflow_history_to_steps)
        refuse(title, stream_events=stream_events)
        _check_policies(title, durability, cancel_grace)
        _name_no_use(title, no_use)
        self.id = id or name
        self.num_history_runs = num_history_runs
        self.user_id = user_id
        self.session_state = session_state
        self.metadata = metadata or {}
        self.dependencies = dependencies or {}
        self.run_response: WorkflowRunOutput | None = None
        self.definition = WorkflowDefinition(
            name=name,
            root=_make_root(title, steps),
            description=description,
            input_schema=check_schema(title, "input_schema", input_schema),
            output_schema=check_schema(title, "output_schema", output_schema),
            durability=durability,
            cancel_grace=cancel_grace,
            file=caller.f_code.co_filename if caller else "",
            line=caller.f_lineno if caller else 0,
        )
        self._db = _check_db(title, db)
        self._runs: Runs | None = MemoryRuns() if db is False else None

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def description(self) -> str:
        return self.definition.description

    def outline(self) -> WorkflowOutline:
        """Describe the workflow without its code."""
        return self.definition.outline()

    def run(self, input: object = None, **options: Any) -> WorkflowRunOutput:  # noqa: A002 - the name authors know
        """Run to the end in this thread; the options are `arun`'s. Not inside a running loop."""
        if is_in_loop():
            raise RunError(
                f"Workflow.run() of {self.name!r} was called inside a running event loop: "
                "write `await workflow.arun(…)`"
            )
        if options.get("background"):
            raise RunError("run() waits for its end: background=True is an option of arun()")
        return call_blocking(partial(self.arun, input, **options))

    async def arun(  # noqa: PLR0913 - the options of a run, all of them by keyword
        self,
        input: object = None,  # noqa: A002 - the name authors know
        *,
        additional_data: dict[str, Any] | None = None,
        background: bool | Literal["process"] = False,
        run_id: str | None = None,
        user_id: str | None = None,
        session_id: str | None = None,
        session_state: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        dependencies: dict[str, Any] | None = None,
        stream: bool = False,
        stream_events: bool = False,
        images: object = None,
        videos: object = None,
        audio: object = None,
        files: object = None,
    ) -> WorkflowRunOutput:
        """Run to the end, or with `background=True` beside what goes on here.

        Raises InputError before anything is stored, and StepFailedError when a step fails the run.
        """
        refuse("run()", session_id=session_id, stream=stream, stream_events=stream_events)
        refuse("run()", images=images, videos=videos, audio=audio, files=files)
        if background == "process":
            raise NotSupportedError("arun()", "background='process'")
        check_additional_data(additional_data)
        start = Start(
            run_id=RunId(run_id) if run_id else new_run_id(),
            input=self.definition.validate_input(input),
            additional_data=additional_data,
            user_id=user_id or self.user_id,
            session_state=dict(session_state or self.session_state or {}),
            metadata=metadata or self.metadata,
            dependencies=dependencies or self.dependencies,
        )
        pending = await self._kept().create(self.definition, start)
        if background:
            keep_running(partial(self._execute, start), f"tuiflow run {start.run_id}")
            return pending
        return await self._execute(start)

    def get_run(self, run_id: str) -> WorkflowRunOutput | None:
        """Read a run of this workflow's database; None for an unknown id."""
        return call_blocking(partial(self.aget_run, run_id))

    async def aget_run(self, run_id: str) -> WorkflowRunOutput | None:
        """Read a run of this workflow's database; None for an unknown id."""
        return await self._kept().get(RunId(run_id))

    def cancel_run(self, run_id: str, reason: str = "cancel_run() was called") -> bool:
        """Ask a run to end; False for an unknown id and for a run that is over."""
        return call_blocking(partial(self.acancel_run, run_id, reason))

    async def acancel_run(self, run_id: str, reason: str = "cancel_run() was called") -> bool:
        """Ask a run to end; False for an unknown id and for a run that is over."""
        grace = self.definition.cancel_grace
        return await self._kept().cancel(RunId(run_id), grace=grace, reason=reason)

    def print_response(self, *_: object, **__: object) -> NoReturn:
        raise NotSupportedError(f"Workflow {self.name!r}", "print_response()")

    async def aprint_response(self, *_: object, **__: object) -> NoReturn:
        raise NotSupportedError(f"Workflow {self.name!r}", "aprint_response()")

    def __repr__(self) -> str:
        return f"Workflow(name={self.name!r})"

    async def _execute(self, start: Start) -> WorkflowRunOutput:
        finished = await self._kept().execute(self.definition, start)
        self.run_response = finished.output
        if finished.error is not None:
            raise finished.error
        return finished.output

    def _kept(self) -> Runs:
        # The database is chosen at the first run, so that importing a workflow touches no disk.
        if self._runs is None:
            file = Path(self.definition.file)
            project = find_project(file.parent if file.is_file() else Path.cwd())
            self._runs = StoredRuns(resolve_db(self._db, project=project))
        return self._runs


def _make_root(title: str, steps: object) -> Steps:
    if isinstance(steps, Node):
        return Steps(steps=[steps])
    if callable(steps):
        raise NotSupportedError(title, "steps= as one function")
    try:
        return Steps(steps=steps)
    except DefinitionError as error:
        if error.node != "Steps":
            raise
        problem = str(error).removeprefix("Steps: ")
        raise DefinitionError(title, problem) from None


def _check_db(title: str, db: object) -> Database | str | Path | None:
    if db is None or db is False:
        return None
    if isinstance(db, str) and db.startswith(("postgres://", "postgresql://")):
        raise NotSupportedError(title, "a PostgreSQL database")
    if isinstance(db, str | Path | SqliteDb):
        return db
    raise DefinitionError(title, f"db= takes a path, a SqliteDb or False, not {type(db).__name__}")


def _check_policies(title: str, durability: object, cancel_grace: float) -> None:
    if durability not in {"step", "batch"}:
        raise DefinitionError(title, f"durability is 'step' or 'batch', not {durability!r}")
    if not cancel_grace >= 0:
        raise DefinitionError(title, f"cancel_grace is a number of seconds, not {cancel_grace!r}")


def _name_no_use(title: str, options: dict[str, object]) -> None:
    unknown = sorted(set(options) - NO_USE)
    if unknown:
        raise TypeError(f"{title} has no option {unknown[0]!r}")
    if options:
        _log.info("%s: %s does nothing here", title, ", ".join(sorted(options)))
