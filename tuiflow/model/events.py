"""Every fact a run can record: one frozen class per kind, one discriminated union."""

import json
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, JsonValue, TypeAdapter

from tuiflow.model.content import StoredContent
from tuiflow.model.custom_events import CustomEvent
from tuiflow.model.failure import Failure
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.run_event import (
    LogLevel,
    LogStream,
    Outcome,
    RunBegunEvent,
    RunEvent,
    WorkflowRunEvent,
)
from tuiflow.model.session import StateChanges
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.model.text import write_json


class WorkflowStartedEvent(RunBegunEvent):
    kind: Literal["WorkflowStarted"] = "WorkflowStarted"
    input: StoredContent = StoredContent()
    additional_data: dict[str, JsonValue] | None = None
    media: tuple[StoredMedium, ...] = ()
    """What the run was given; a nested one all that its host's step could see."""


class WorkflowResumedEvent(RunBegunEvent):
    kind: Literal["WorkflowResumed"] = "WorkflowResumed"


class WorkflowCompletedEvent(RunEvent):
    kind: Literal["WorkflowCompleted"] = "WorkflowCompleted"
    content: StoredContent = StoredContent()
    success: bool = True
    error: str | None = None
    """What was said inside it of why it had none."""
    state: StateChanges | None = None
    media: tuple[StoredMedium, ...] = ()
    """What the workflow's own function made, beside its steps."""

    @property
    def content_type(self) -> str:
        return self.content.type


class WorkflowErrorEvent(RunEvent):
    kind: Literal["WorkflowError"] = "WorkflowError"
    failure: Failure


class WorkflowCancelledEvent(RunEvent):
    kind: Literal["WorkflowCancelled"] = "WorkflowCancelled"
    reason: str = ""


class WorkflowCrashedEvent(RunEvent):
    kind: Literal["WorkflowCrashed"] = "WorkflowCrashed"
    reason: str = ""
    last_heartbeat: int | None = None
    """Microseconds since 1970, UTC."""


class StepStartedEvent(RunEvent):
    kind: Literal["StepStarted"] = "StepStarted"
    executor_name: str = ""
    executor_type: str = "function"
    """What it calls: a function, an agent or a team."""
    previous: NodePath | None = None
    """The node whose content is this step's `previous_step_content`; None for the first."""
    max_attempts: int = 1


class StepGaveEvent(RunEvent):
    """What a step gave, and the fingerprint of the code that did."""

    content: StoredContent = StoredContent()
    media: tuple[StoredMedium, ...] = ()
    success: bool = True
    error: str | None = None
    """What the step said itself of why it had no success; one that raised has a StepError."""
    stop: bool = False
    metrics: dict[str, JsonValue] = {}
    code: str = ""


class StepCompletedEvent(StepGaveEvent):
    kind: Literal["StepCompleted"] = "StepCompleted"
    state: StateChanges | None = None
    """What it changed of the session's state, which is saved together with this event."""
    branch_state: StateChanges | None = None
    """What it changed of a Parallel's branch's copy, which is saved where the branches meet."""


class StepErrorEvent(RunEvent):
    kind: Literal["StepError"] = "StepError"
    failure: Failure


class StepRetryingEvent(RunEvent):
    kind: Literal["StepRetrying"] = "StepRetrying"
    failure: Failure
    delay: float = 0.0
    """Seconds until the next attempt."""
    next_attempt: int


class StepCancelledEvent(RunEvent):
    kind: Literal["StepCancelled"] = "StepCancelled"
    reason: str = ""


class StepSkippedEvent(RunEvent):
    """A node that will not run, with what stands under it."""

    kind: Literal["StepSkipped"] = "StepSkipped"
    reason: str = ""


class StepReusedEvent(StepGaveEvent):
    """A step that is over already, by its attempt; from another run with what it gave there."""

    kind: Literal["StepReused"] = "StepReused"
    source_run_id: RunId
    previous: NodePath | None = None


class CompositeStartedEvent(RunEvent):
    """A composite begins; a decision is part of the fact, with its code's fingerprint."""

    code: str = ""


class CompositeCompletedEvent(RunEvent):
    """How a composite ended; what it gave is derived from its children."""

    outcome: Outcome
    failure: Failure | None = None


class ParallelExecutionStartedEvent(CompositeStartedEvent):
    kind: Literal["ParallelExecutionStarted"] = "ParallelExecutionStarted"
    count: int


class ParallelExecutionCompletedEvent(CompositeCompletedEvent):
    kind: Literal["ParallelExecutionCompleted"] = "ParallelExecutionCompleted"
    count: int = 0
    state: StateChanges | None = None
    """What its branches changed of the session's state, merged."""
    branch_state: StateChanges | None = None
    """The same, where it stands in a branch of another Parallel."""


class ConditionExecutionStartedEvent(CompositeStartedEvent):
    """Recorded once the evaluator has spoken; `branch` is None where neither side runs."""

    kind: Literal["ConditionExecutionStarted"] = "ConditionExecutionStarted"
    result: bool | None = None
    branch: Literal["then", "else"] | None = None


class ConditionExecutionCompletedEvent(CompositeCompletedEvent):
    kind: Literal["ConditionExecutionCompleted"] = "ConditionExecutionCompleted"


class LoopExecutionStartedEvent(CompositeStartedEvent):
    kind: Literal["LoopExecutionStarted"] = "LoopExecutionStarted"
    max_iterations: int


class LoopExecutionCompletedEvent(CompositeCompletedEvent):
    kind: Literal["LoopExecutionCompleted"] = "LoopExecutionCompleted"
    count: int = 0


class RouterExecutionStartedEvent(CompositeStartedEvent):
    """Recorded once the selector has spoken; `selected` are paths, in the order they run."""

    kind: Literal["RouterExecutionStarted"] = "RouterExecutionStarted"
    selected: tuple[NodePath, ...] = ()


class RouterExecutionCompletedEvent(CompositeCompletedEvent):
    kind: Literal["RouterExecutionCompleted"] = "RouterExecutionCompleted"


class StepsExecutionStartedEvent(CompositeStartedEvent):
    kind: Literal["StepsExecutionStarted"] = "StepsExecutionStarted"
    count: int


class StepsExecutionCompletedEvent(CompositeCompletedEvent):
    kind: Literal["StepsExecutionCompleted"] = "StepsExecutionCompleted"


class LoopIterationStartedEvent(CompositeStartedEvent):
    """Its path is the iteration's own: `loop[3]`."""

    kind: Literal["LoopIterationStarted"] = "LoopIterationStarted"
    iteration: int


class LoopIterationCompletedEvent(CompositeCompletedEvent):
    kind: Literal["LoopIterationCompleted"] = "LoopIterationCompleted"
    iteration: int
    should_continue: bool = False


class StepProgressEvent(RunEvent):
    kind: Literal["StepProgress"] = "StepProgress"
    done: Annotated[float, AfterValidator(lambda done: done if isfinite(done) else 0.0)]
    """Infinity, and what is no number, has no place in JSON."""
    total: (
        Annotated[float, AfterValidator(lambda total: total if isfinite(total) else None)] | None
    ) = None
    message: str = ""


class StepLogEvent(RunEvent):
    kind: Literal["StepLog"] = "StepLog"
    text: str
    level: LogLevel = "info"
    stream: LogStream = "context"


class StepContentEvent(RunEvent):
    kind: Literal["StepContent"] = "StepContent"
    text: str


Event = Annotated[
    WorkflowStartedEvent
    | WorkflowResumedEvent
    | WorkflowCompletedEvent
    | WorkflowErrorEvent
    | WorkflowCancelledEvent
    | WorkflowCrashedEvent
    | StepStartedEvent
    | StepCompletedEvent
    | StepErrorEvent
    | StepRetryingEvent
    | StepCancelledEvent
    | StepSkippedEvent
    | StepReusedEvent
    | ParallelExecutionStartedEvent
    | ParallelExecutionCompletedEvent
    | ConditionExecutionStartedEvent
    | ConditionExecutionCompletedEvent
    | LoopExecutionStartedEvent
    | LoopExecutionCompletedEvent
    | RouterExecutionStartedEvent
    | RouterExecutionCompletedEvent
    | StepsExecutionStartedEvent
    | StepsExecutionCompletedEvent
    | LoopIterationStartedEvent
    | LoopIterationCompletedEvent
    | StepProgressEvent
    | StepLogEvent
    | StepContentEvent
    | CustomEvent,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_ENVELOPE = set(RunEvent.ENVELOPE)  # pydantic takes no frozenset

CHATTER_KINDS = frozenset({"StepProgress", "StepLog", "StepContent", "CustomEvent"})
"""Kinds that may be dropped or paged; all others are lifecycle kinds, always written."""
LIFECYCLE_KINDS = frozenset(str(kind) for kind in WorkflowRunEvent) - CHATTER_KINDS
RUN_END_KINDS = frozenset(
    {"WorkflowCompleted", "WorkflowError", "WorkflowCancelled", "WorkflowCrashed"}
)
SAVING_KINDS = frozenset({"StepCompleted", "ParallelExecutionCompleted", "WorkflowCompleted"})
"""Kinds that may carry changes of the session's state."""


def state_changes(event: RunEvent) -> StateChanges | None:
    """Give what an event says was changed of the session's state."""
    # By its kind: asking a model for what it may not have costs more than recording the event.
    return getattr(event, "state") if event.event in SAVING_KINDS else None  # noqa: B009 - as above


def event_body(event: RunEvent) -> str:
    """Write what has no column of its own as JSON."""
    return write_json(event, exclude=_ENVELOPE, exclude_defaults=True)


def read_event(envelope: dict[str, Any], body: str) -> Event:
    """Make an event of its columns and its body; raises pydantic's ValidationError."""
    return EVENT.validate_python({**json.loads(body), **envelope})
