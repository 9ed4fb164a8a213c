"""What a Workflow can do with its runs, wherever they are kept."""

import json
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from tuiflow.engine import RunRequest, StepOutput, WorkflowDefinition
from tuiflow.engine.definition import wrong_option
from tuiflow.errors import InputError, TuiflowError
from tuiflow.model.clock import now
from tuiflow.model.content import check_levels
from tuiflow.model.ids import NodePath, RunId, SessionId, new_run_id
from tuiflow.model.media import Medium, check_media
from tuiflow.model.session import StoredState
from tuiflow.model.text import whole_text
from tuiflow.workflow.options import RunOptions, chosen
from tuiflow.workflow.run_output import WorkflowRunOutput
from tuiflow.workflow.streaming import RunLog


@dataclass(frozen=True, kw_only=True)
class Start:
    """One run to be started, with the objects its program gives it."""

    run_id: RunId
    input: Any = None
    additional_data: dict[str, Any] | None = None
    media: tuple[Medium, ...] = ()
    session_id: SessionId | None = None
    user_id: str | None = None
    session_state: dict[str, Any] = field(default_factory=dict[str, Any])
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])
    dependencies: dict[str, Any] = field(default_factory=dict[str, Any])
    is_background: bool = False
    is_inline: bool = True
    """Whether this process executes it, and no worker."""
    created_at: int = field(default_factory=now)

    @classmethod
    def of(
        cls, definition: WorkflowDefinition, given: object, options: RunOptions, *, session_id: str
    ) -> Self:
        """Make it of a run's options, else the workflow's own; raises InputError."""
        if wrong := wrong_option(options):
            raise InputError(f"run(): {wrong}")
        run_id = options.get("run_id") or new_run_id()
        if run_id != whole_text(run_id):
            raise InputError(f"run(): run_id={run_id!a} is no Unicode text")
        media = check_media("run()", options)
        check_additional_data(options.get("additional_data"))
        return cls(
            run_id=RunId(run_id),
            input=definition.validate_input(given),
            additional_data=options.get("additional_data"),
            media=media,
            session_id=SessionId(options.get("session_id") or session_id),
            user_id=chosen(options, "user_id", definition.user_id),
            session_state=dict(options.get("session_state") or {}),
            metadata={**definition.metadata, **(options.get("metadata") or {})},
            dependencies={**definition.dependencies, **(options.get("dependencies") or {})},
        )

    def request(self) -> RunRequest:
        return RunRequest(
            self.run_id,
            input=self.input,
            additional_data=self.additional_data,
            media=self.media,
            session_id=self.session_id,
            user_id=self.user_id,
            session_state=self.session_state,
            metadata=self.metadata,
            dependencies=self.dependencies,
        )


@dataclass(frozen=True, kw_only=True)
class Again:
    """A run that takes over from another, all that was done before a node."""

    source_run_id: RunId
    from_path: NodePath | None
    run_id: RunId = field(default_factory=new_run_id)
    input: Any = ...
    """Another input; `...` for the same."""


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A run that this process has executed; `error` is for whoever waited for it."""

    output: WorkflowRunOutput
    error: TuiflowError | None = None


class Runs(Protocol):
    """Runs of one workflow, in a database or in this process's memory."""

    async def create(self, definition: WorkflowDefinition, start: Start) -> WorkflowRunOutput:
        """Make a pending run."""
        ...

    async def execute(self, definition: WorkflowDefinition, start: Start) -> Finished:
        """Execute a pending run of this process to its end."""
        ...

    async def run(self, definition: WorkflowDefinition, start: Start) -> Finished:
        """Make a run and execute it to its end, as `create` and `execute` do."""
        ...

    def spawn(self, definition: WorkflowDefinition, start: Start) -> None:
        """Have a pending run executed by a process of its own."""
        ...

    def end_left(self, run_id: RunId) -> None:
        """End a pending run whose loop has ended before it could execute it; from any thread."""
        ...

    async def resume(self, definition: WorkflowDefinition, run_id: RunId) -> Finished:
        """Let a run that has ended go on in this process; raises NotResumableError."""
        ...

    async def rerun(self, definition: WorkflowDefinition, again: Again) -> Finished:
        """Make a run that takes over from another, and execute it to its end."""
        ...

    def session_state(self, session_id: str) -> StoredState:
        """Read the state of a session; empty where there is none."""
        ...

    def open_log(self, run_id: RunId) -> RunLog:
        """Open a run's events for reading."""
        ...

    async def get(self, run_id: RunId) -> WorkflowRunOutput | None:
        """Read a run; None for an unknown id."""
        ...

    async def cancel(self, run_id: RunId, reason: str) -> bool:
        """Ask a run to end; False for an unknown id and for a run that is over."""
        ...


def check_additional_data(value: object) -> None:
    """Refuse additional data that could not be stored with the run, or not read back."""
    if not isinstance(value, dict | None):
        raise InputError(f"run(): additional_data= takes a dict, not {type(value).__name__}")
    try:
        check_levels(json.dumps(value, allow_nan=False, ensure_ascii=False).encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"additional_data has to be plain JSON: {error}") from error


def with_live_values(
    output: WorkflowRunOutput, start: Start, given: StepOutput | None
) -> WorkflowRunOutput:
    """Put the objects themselves where a stored run has copies of them."""
    output.input, output.metadata = start.input, start.metadata or None
    if given is not None:
        output.content, output.step_results = given.content, given.steps
        output.set_media((*start.media, *given.media))
    return output
