"""What an event says besides its kind and step, in one line of harmless text, for both fronts."""

import json
from functools import singledispatch

from tuiflow.model import events as ev
from tuiflow.model.content import StoredContent
from tuiflow.model.ids import path_name, short_id
from tuiflow.model.plain_json import plain_json
from tuiflow.tui.format import size
from tuiflow.tui.safe_text import safe_line

LONGEST = 100  # cells
_PREVIEW = 300  # characters of a value that are looked at
_GAP = "  "


def event_words(event: ev.RunEvent, width: int = LONGEST) -> str:
    """Summarize an event in at most `width` cells."""
    return safe_line(_words(event), width)


def content_words(content: StoredContent | None) -> str:
    """Give the beginning of a stored value, on one line."""
    return safe_line(_value(content), LONGEST) if content else ""


def _value(content: StoredContent) -> str:
    if content.preview:
        extent = size(content.size) if content.restorable else "a preview"
        return f"{content.preview[:_PREVIEW]} ({extent})"
    if content.value is None:
        return ""
    value = plain_json(content.value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    first, *more = text.strip()[:_PREVIEW].split("\n", 1)
    return f"{first} …" if more else first


def _join(*parts: str) -> str:
    return _GAP.join(part for part in parts if part)


def _try(event: ev.RunEvent) -> str:
    return f"try {event.attempt}" if event.attempt > 1 else ""


@singledispatch
def _words(event: ev.RunEvent) -> str:
    return ""


@_words.register
def _(event: ev.WorkflowStartedEvent) -> str:
    given = _value(event.input)
    return _join(_try(event), f"input {given}" if given else "")


@_words.register
def _(event: ev.WorkflowResumedEvent) -> str:
    reused = f"{event.reused} step{'s' * (event.reused != 1)} reused" if event.reused else ""
    changed = f"changed since: {', '.join(map(path_name, event.changed))}" if event.changed else ""
    return _join(_try(event), f"episode {event.episode}", reused, changed)


@_words.register
def _(event: ev.WorkflowErrorEvent | ev.StepErrorEvent) -> str:
    return event.failure.summary


@_words.register
def _(
    event: ev.WorkflowCancelledEvent
    | ev.WorkflowCrashedEvent
    | ev.StepCancelledEvent
    | ev.StepSkippedEvent,
) -> str:
    return event.reason


@_words.register
def _(event: ev.StepStartedEvent) -> str:
    return _try(event)


@_words.register
def _(event: ev.StepCompletedEvent) -> str:
    flags = ("" if event.success else "no success", "(stops the run)" if event.stop else "")
    return _join(_value(event.content), *flags)


@_words.register
def _(event: ev.StepRetryingEvent) -> str:
    return _join(event.failure.summary, f"try {event.next_attempt} in {event.delay:.1f} s")


@_words.register
def _(event: ev.StepReusedEvent) -> str:
    is_here = event.source_run_id == event.run_id
    where = f"from try {event.attempt}" if is_here else f"from run {short_id(event.source_run_id)}"
    return _join(where, event.error or "")


@_words.register
def _(event: ev.ParallelExecutionStartedEvent) -> str:
    return f"{event.count} branches"


@_words.register
def _(event: ev.StepsExecutionStartedEvent) -> str:
    return f"{event.count} steps"


@_words.register
def _(event: ev.ConditionExecutionStartedEvent) -> str:
    return f"{event.result} → {event.branch or 'nothing to do'}"


@_words.register
def _(event: ev.LoopExecutionStartedEvent) -> str:
    return f"at most {event.max_iterations} times"


@_words.register
def _(event: ev.LoopIterationStartedEvent) -> str:
    return f"iteration {event.iteration}"


@_words.register
def _(event: ev.RouterExecutionStartedEvent) -> str:
    return "→ " + (", ".join(map(path_name, event.selected)) or "nothing to do")


@_words.register
def _(event: ev.CompositeCompletedEvent) -> str:
    outcome = "" if event.outcome == "completed" else event.outcome
    return _join(outcome, event.failure.summary if event.failure else "")


@_words.register
def _(event: ev.StepProgressEvent) -> str:
    total = "" if event.total is None else f" of {event.total:g}"
    return _join(f"{event.done:g}{total}", event.message)


@_words.register
def _(event: ev.StepLogEvent | ev.StepContentEvent) -> str:
    return event.text


@_words.register
def _(event: ev.CustomEvent) -> str:
    return _join(event.name, json.dumps(event.data, ensure_ascii=False) if event.data else "")
