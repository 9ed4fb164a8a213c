"""Runs a whole workflow, from WorkflowStarted to its one end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from anyio import CancelScope, CapacityLimiter, create_task_group, get_cancelled_exc_class
from pydantic import JsonValue

from tuiflow.engine.context import RunContext
from tuiflow.engine.definition import WorkflowDefinition
from tuiflow.engine.host import Host
from tuiflow.engine.journal import Journal
from tuiflow.engine.node import Node, OnError
from tuiflow.engine.past_runs import PastRuns
from tuiflow.engine.run_node import run_root
from tuiflow.engine.run_scope import RunScope
from tuiflow.engine.session import open_session
from tuiflow.engine.step_io import StepInput, StepOutput
from tuiflow.engine.threads import count_threads
from tuiflow.errors import StepFailedError, StoreError
from tuiflow.model.content import StoredContent
from tuiflow.model.ids import Revision, RunId, root_path
from tuiflow.model.media import Medium
from tuiflow.model.outline import NodeKind, Outline
from tuiflow.model.session import StoredState


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What one run is asked to do."""

    run_id: RunId
    input: object = None
    additional_data: dict[str, Any] | None = None
    media: tuple[Medium, ...] = ()
    session_id: str | None = None
    user_id: str | None = None
    session_state: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What this run is given; it stands over what is stored."""
    stored_state: StoredState = field(default_factory=dict[str, JsonValue])
    """What the session has, as it is stored."""
    past: PastRuns | None = None
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])
    dependencies: dict[str, Any] = field(default_factory=dict[str, Any])
    revision: Revision | None = None
    journal: Journal | None = None
    """What earlier episodes, or the run it takes over from, have done."""
    stored_input: StoredContent | None = None
    """The input as it was stored already; else the host is asked to."""


async def execute(
    definition: WorkflowDefinition,
    request: RunRequest,
    host: Host,
    *,
    reason: Callable[[], str] = lambda: "",
) -> StepOutput | None:
    """Run to the end; raises StepFailedError, StoreError, or the cancellation of the scope around.

    `reason` says why, when the run is cancelled. None where a step has cancelled its own task.
    """
    root = _Root(definition, request)
    ctx = RunContext(
        _scope(definition, request, host), root_path(definition.name), root.name, because=reason
    )
    step_input = StepInput.of_run(
        request.input, request.additional_data, request.media, request.past
    )
    run = _Run(root, step_input, ctx)
    # In a task of its own: a task cancelled from outside then reaches every step as anyio's
    # cancellation, which a step's own CancelledError can be told from.
    async with create_task_group() as group:
        group.start_soon(run.live)
    return run.result()


class _Run:
    def __init__(self, root: "_Root", step_input: StepInput, ctx: RunContext) -> None:
        self._root = root
        self._input = step_input
        self._ctx = ctx
        self._output: StepOutput | None = None
        self._error: Exception | None = None

    async def live(self) -> None:
        try:
            self._output = await run_root(self._root, self._input, self._ctx)
        except get_cancelled_exc_class():
            await self._settle()
            raise
        except (StepFailedError, StoreError) as error:
            self._error = error
        await self._settle()

    def result(self) -> StepOutput | None:
        if self._error is not None:
            raise self._error
        return self._output

    async def _settle(self) -> None:
        # The last words of a cancelled run have to reach the disk too.
        with CancelScope(shield=True):
            try:
                await self._ctx.scope.host.commit()
            except StoreError as error:
                self._error = self._error or error


class _Root(Node):
    """The workflow itself, as the outermost node of its run."""

    kind: ClassVar[NodeKind] = NodeKind.WORKFLOW

    def __init__(self, definition: WorkflowDefinition, request: RunRequest) -> None:
        super().__init__(definition.name, definition.description, OnError.fail)
        self._definition = definition
        self._request = request

    async def decide(self, step_input: StepInput, ctx: RunContext) -> None:
        stored = self._request.stored_input
        ctx.facts.input = stored or await ctx.scope.host.store(step_input.input)
        ctx.facts.media = await ctx.scope.host.store_media(step_input.media)
        ctx.facts.revision = self._request.revision
        ctx.facts.outline = self._definition.tree
        ctx.facts.is_resumed = self._request.journal is not None and self._request.journal.has_begun

    async def run(self, step_input: StepInput, ctx: RunContext) -> StepOutput:
        for key, problem in ctx.scope.session.left_out.items():
            ctx.log(f"session_state[{key!r}] is left out, and kept as it is: {problem}", "warning")
        return await self._definition.run(step_input, ctx)

    def outline_children(self) -> tuple[Outline, ...]:
        return self._definition.root.outline_children()


def _scope(definition: WorkflowDefinition, request: RunRequest, host: Host) -> RunScope:
    return RunScope(
        host=host,
        run_id=request.run_id,
        root_run_id=request.run_id,
        workflow_name=definition.name,
        workflow_id=definition.id or definition.name,
        limiter=CapacityLimiter(count_threads()),
        session=open_session(definition.session_state, request.stored_state, request.session_state),
        metadata=request.metadata,
        dependencies=request.dependencies,
        session_id=request.session_id,
        user_id=request.user_id,
        is_write_ahead=definition.durability == "step",
        cancel_grace=definition.cancel_grace,
        adds_history=definition.adds_history,
        history_runs=definition.history_runs,
        journal=request.journal,
    )
