"""What an event says besides its kind and step, in a few words of harmless text."""

import json
from functools import singledispatch

from tuiflow.model import events as ev
from tuiflow.model.content import StoredContent, plain_json
from tuiflow.model.ids import path_name, short_id
from tuiflow.tui.safe_text import safe_line

LONGEST = 100  # cells


def content_words(content: StoredContent | None) -> str:
    """Give the beginning of a stored value, on one line."""
    if content is None or (content.value is None and not content.preview):
        return ""
    if content.blob is not None or not content.restorable:
        return safe_line(content.preview, LONGEST)
    value = plain_json(content.value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    first, *more = text.strip().split("\n", 1)
    return safe_line(f"{first} …" if more else first, LONGEST)


@singledispatch
def event_words(event: ev.RunEvent) -> str:
    """Summarize an event; its step, time and duration stand elsewhere on the line."""
    return ""


@event_words.register
def _(event: ev.WorkflowStartedEvent) -> str:
    given = content_words(event.input)
    return f"input {given}" if given else ""


@event_words.register
def _(event: ev.WorkflowErrorEvent | ev.StepErrorEvent) -> str:
    return safe_line(event.failure.summary, LONGEST)


@event_words.register
def _(event: ev.WorkflowCancelledEvent | ev.WorkflowCrashedEvent) -> str:
    return safe_line(event.reason, LONGEST)


@event_words.register
def _(event: ev.StepStartedEvent) -> str:
    return f"try {event.attempt}" if event.attempt > 1 else ""


@event_words.register
def _(event: ev.StepCompletedEvent) -> str:
    told = content_words(event.content)
    return f"{told} (stops the run)" if event.stop else told


@event_words.register
def _(event: ev.StepRetryingEvent) -> str:
    failure = safe_line(event.failure.summary, LONGEST)
    return f"{failure}; try {event.next_attempt} in {event.delay:.1f} s"


@event_words.register
def _(event: ev.StepCancelledEvent | ev.StepSkippedEvent) -> str:
    return safe_line(event.reason, LONGEST)


@event_words.register
def _(event: ev.StepReusedEvent) -> str:
    return f"from run {short_id(event.source_run_id)}"


@event_words.register
def _(event: ev.ParallelExecutionStartedEvent) -> str:
    return f"{event.count} branches"


@event_words.register
def _(event: ev.StepsExecutionStartedEvent) -> str:
    return f"{event.count} steps"


@event_words.register
def _(event: ev.ConditionExecutionStartedEvent) -> str:
    return f"{str(event.result).lower()} → {event.branch or 'nothing to do'}"


@event_words.register
def _(event: ev.LoopExecutionStartedEvent) -> str:
    return f"at most {event.max_iterations} times"


@event_words.register
def _(event: ev.RouterExecutionStartedEvent) -> str:
    chosen = ", ".join(path_name(path) for path in event.selected)
    return safe_line(f"→ {chosen or 'nothing to do'}", LONGEST)


@event_words.register
def _(event: ev.CompositeCompletedEvent) -> str:
    return safe_line(event.failure.summary, LONGEST) if event.failure else ""


@event_words.register
def _(event: ev.StepProgressEvent) -> str:
    done = f"{event.done:g}" if event.total is None else f"{event.done:g}/{event.total:g}"
    return f"{done} {safe_line(event.message, LONGEST)}".rstrip()


@event_words.register
def _(event: ev.CustomEvent) -> str:
    return safe_line(f"{event.name} {json.dumps(event.data)}".strip(), LONGEST)
