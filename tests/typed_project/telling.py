"""How a program tells what happens: a sentence for each kind of event, by its class."""

from typing import assert_never

from tuiflow import (
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

StepEvent = (
    StepStartedEvent
    | StepCompletedEvent
    | StepErrorEvent
    | StepRetryingEvent
    | StepCancelledEvent
    | StepSkippedEvent
    | StepReusedEvent
    | StepProgressEvent
    | StepLogEvent
    | StepContentEvent
)
CompositeEvent = (
    ConditionExecutionStartedEvent
    | ConditionExecutionCompletedEvent
    | LoopExecutionStartedEvent
    | LoopExecutionCompletedEvent
    | LoopIterationStartedEvent
    | LoopIterationCompletedEvent
    | ParallelExecutionStartedEvent
    | ParallelExecutionCompletedEvent
    | RouterExecutionStartedEvent
    | RouterExecutionCompletedEvent
    | StepsExecutionStartedEvent
    | StepsExecutionCompletedEvent
)
WorkflowEvent = (
    WorkflowStartedEvent
    | WorkflowResumedEvent
    | WorkflowCompletedEvent
    | WorkflowErrorEvent
    | WorkflowCancelledEvent
    | WorkflowCrashedEvent
)


def tell(event: StepEvent | CompositeEvent | WorkflowEvent | CustomEvent) -> str:
    """Say in words what an event says."""
    match event:
        case StepErrorEvent() | StepRetryingEvent() | WorkflowErrorEvent():
            return f"{event.step_name} failed: {event.failure.summary}"
        case StepCompletedEvent() | StepReusedEvent() | WorkflowCompletedEvent():
            return f"{event.step_name} gave {event.content}"
        case StepLogEvent() | StepContentEvent():
            return f"{event.step_name} said {event.text}"
        case CustomEvent():
            return f"{event.step_name} told {event.name}"
        case _:
            return f"{event.event} at {event.created_at:%X}"


def count(event: CompositeEvent) -> int | None:
    """Give how many parts a composite has, where it says so."""
    match event:
        case ParallelExecutionStartedEvent() | StepsExecutionStartedEvent():
            return event.count
        case LoopExecutionStartedEvent():
            return event.max_iterations
        case LoopIterationStartedEvent():
            return event.iteration
        case RouterExecutionStartedEvent():
            return len(event.selected)
        case ConditionExecutionStartedEvent():
            return int(event.branch is not None)
        case (
            ConditionExecutionCompletedEvent()
            | LoopExecutionCompletedEvent()
            | LoopIterationCompletedEvent()
            | ParallelExecutionCompletedEvent()
            | RouterExecutionCompletedEvent()
            | StepsExecutionCompletedEvent()
        ):
            return None
        case _:
            assert_never(event)
