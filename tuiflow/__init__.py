"""A full-screen terminal monitor for Python workflows, with the engine under it.

Authors import from here: `from tuiflow import Step, StepInput, Workflow`. The layers below, each
importing only those under it:

    cli | worker             arguments and output | the inside of a worker process
    tui                      screens and widgets
    service                  what people can do, said once for both front ends
    supervisor | catalog     worker processes from outside | the workflows on disk
    workflow                 the author's Workflow: a definition and its runs
    engine | store           how a tree runs | where runs are kept
    model | settings         what everything talks about | what can be set
    errors

Names are loaded when they are first used, and importing touches no disk but for code.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuiflow.engine import (
        Condition,
        Loop,
        NestedWorkflow,
        OnError,
        Parallel,
        Retry,
        Router,
        RunContext,
        Step,
        StepInput,
        StepOutput,
        Steps,
        WorkflowExecutionInput,
        current_context,
    )
    from tuiflow.model.events import (
        ConditionExecutionCompletedEvent,
        ConditionExecutionStartedEvent,
        CustomEvent,
        LoopExecutionCompletedEvent,
        LoopExecutionStartedEvent,
        LoopIterationCompletedEvent,
        LoopIterationStartedEvent,
        ParallelExecutionCompletedEvent,
        ParallelExecutionStartedEvent,
        RouterExecutionCompletedEvent,
        RouterExecutionStartedEvent,
        StepCancelledEvent,
        StepCompletedEvent,
        StepContentEvent,
        StepErrorEvent,
        StepLogEvent,
        StepProgressEvent,
        StepRetryingEvent,
        StepReusedEvent,
        StepsExecutionCompletedEvent,
        StepsExecutionStartedEvent,
        StepSkippedEvent,
        StepStartedEvent,
        WorkflowCancelledEvent,
        WorkflowCompletedEvent,
        WorkflowCrashedEvent,
        WorkflowErrorEvent,
        WorkflowResumedEvent,
        WorkflowStartedEvent,
    )
    from tuiflow.model.media import Audio, File, Image, Video
    from tuiflow.model.run_event import WorkflowRunEvent
    from tuiflow.model.status import Status as RunStatus
    from tuiflow.store import PostgresDb, SqliteDb
    from tuiflow.workflow import Workflow, WorkflowRunOutput

__version__ = "0.1.0"
__all__ = [
    "Audio",
    "Condition",
    "ConditionExecutionCompletedEvent",
    "ConditionExecutionStartedEvent",
    "CustomEvent",
    "File",
    "Image",
    "Loop",
    "LoopExecutionCompletedEvent",
    "LoopExecutionStartedEvent",
    "LoopIterationCompletedEvent",
    "LoopIterationStartedEvent",
    "NestedWorkflow",
    "OnError",
    "Parallel",
    "ParallelExecutionCompletedEvent",
    "ParallelExecutionStartedEvent",
    "PostgresDb",
    "Retry",
    "Router",
    "RouterExecutionCompletedEvent",
    "RouterExecutionStartedEvent",
    "RunContext",
    "RunStatus",
    "SqliteDb",
    "Step",
    "StepCancelledEvent",
    "StepCompletedEvent",
    "StepContentEvent",
    "StepErrorEvent",
    "StepInput",
    "StepLogEvent",
    "StepOutput",
    "StepProgressEvent",
    "StepRetryingEvent",
    "StepReusedEvent",
    "StepSkippedEvent",
    "StepStartedEvent",
    "Steps",
    "StepsExecutionCompletedEvent",
    "StepsExecutionStartedEvent",
    "Video",
    "Workflow",
    "WorkflowCancelledEvent",
    "WorkflowCompletedEvent",
    "WorkflowCrashedEvent",
    "WorkflowErrorEvent",
    "WorkflowExecutionInput",
    "WorkflowResumedEvent",
    "WorkflowRunEvent",
    "WorkflowRunOutput",
    "WorkflowStartedEvent",
    "__version__",
    "current_context",
]

_ELSEWHERE = {
    "Audio": "tuiflow.model.media",
    "File": "tuiflow.model.media",
    "Image": "tuiflow.model.media",
    "RunStatus": "tuiflow.model.status",
    "PostgresDb": "tuiflow.store",
    "SqliteDb": "tuiflow.store",
    "Video": "tuiflow.model.media",
    "Workflow": "tuiflow.workflow",
    "WorkflowRunEvent": "tuiflow.model.run_event",
    "WorkflowRunOutput": "tuiflow.workflow",
}
_OTHER_NAMES = {"RunStatus": "Status"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'tuiflow' has no attribute {name!r}")
    usual = "tuiflow.model.events" if name.endswith("Event") else "tuiflow.engine"
    module = import_module(_ELSEWHERE.get(name, usual))
    value = getattr(module, _OTHER_NAMES.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
