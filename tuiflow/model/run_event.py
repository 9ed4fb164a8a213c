"""The kinds of events, and what every event carries."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from tuiflow.model.ids import NodePath, Revision, RunId, SessionId, parent_path, step_name
from tuiflow.model.outline import Outline

Outcome = Literal["completed", "error", "skipped", "cancelled", "stopped"]
LogLevel = Literal["debug", "info", "warning", "error", "critical"]
LogStream = Literal["context", "logging", "stdout", "stderr"]


class WorkflowRunEvent(StrEnum):
    """The kinds, as they are stored."""

    workflow_started = "WorkflowStarted"
    workflow_resumed = "WorkflowResumed"
    workflow_completed = "WorkflowCompleted"
    workflow_error = "WorkflowError"
    workflow_cancelled = "WorkflowCancelled"
    workflow_crashed = "WorkflowCrashed"
    step_started = "StepStarted"
    step_completed = "StepCompleted"
    step_error = "StepError"
    step_retrying = "StepRetrying"
    step_cancelled = "StepCancelled"
    step_skipped = "StepSkipped"
    step_reused = "StepReused"
    parallel_execution_started = "ParallelExecutionStarted"
    parallel_execution_completed = "ParallelExecutionCompleted"
    condition_execution_started = "ConditionExecutionStarted"
    condition_execution_completed = "ConditionExecutionCompleted"
    loop_execution_started = "LoopExecutionStarted"
    loop_execution_completed = "LoopExecutionCompleted"
    router_execution_started = "RouterExecutionStarted"
    router_execution_completed = "RouterExecutionCompleted"
    steps_execution_started = "StepsExecutionStarted"
    steps_execution_completed = "StepsExecutionCompleted"
    loop_iteration_started = "LoopIterationStarted"
    loop_iteration_completed = "LoopIterationCompleted"
    step_progress = "StepProgress"
    step_log = "StepLog"
    step_content = "StepContent"
    custom_event = "CustomEvent"


class RunEvent(BaseModel):
    """What every event carries; the first six are filled in by the log that records it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    ENVELOPE: ClassVar[frozenset[str]] = frozenset(
        {"id", "run_id", "seq", "at", "episode", "session_id", "node_path", "kind"}
    )
    """Fields with a column of their own, or known from the run: left out of the stored body."""
    event: ClassVar[str] = ""
    """The kind, as it is stored."""

    id: int = 0
    run_id: RunId = RunId("")
    seq: int = 0
    at: int = 0
    """Microseconds since 1970, UTC."""
    episode: int = 1
    session_id: SessionId | None = None
    node_path: NodePath
    nested_run_id: RunId | None = None
    step_id: str | None = None
    step_index: int = 0
    nested_depth: int = 0
    attempt: int = 1

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        # Looked at some times for each event: by then it is plain text, not an enum's member.
        if tag := cls.model_fields.get("kind"):
            cls.event = str(tag.default)

    @property
    def created_at(self) -> datetime:
        return datetime.fromtimestamp(self.at / 1_000_000, UTC)

    @property
    def step_name(self) -> str:
        return step_name(self.node_path)

    @property
    def workflow_name(self) -> str:
        return step_name(NodePath(self.node_path.partition("/")[0]))

    @property
    def parent_step_id(self) -> NodePath | None:
        """The path of the node this one stands in."""
        return parent_path(self.node_path)


class RunBegunEvent(RunEvent):
    """An episode of a run begins, with what it takes over from what was done before."""

    revision: Revision | None = None
    outline: Outline | None = None
    """The shape it has with this code; None for a nested run, whose host's outline holds it."""
    max_attempts: int = 1
    """How often a host tries a nested run in all, earlier episodes' tries among them."""
    reused: int = 0
    changed: tuple[NodePath, ...] = ()
    """Nodes of the outline whose code is another than the one whose results are reused."""
