"""Keeps secrets out of what people read: logs, errors and previews, before they are stored.

What a step receives is never touched: outputs are stored as they are.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from tuiflow.model.content import StoredContent
from tuiflow.model.failure import Failure, Frame
from tuiflow.model.run_event import RunEvent

MASK = "[redacted]"
_SIGNS = "_-AJBx@"
"""A line without one of these, which is found in no time, holds none of the texts with it."""
KEY_FORMS = {
    "sk-": r"sk-[A-Za-z0-9_-]{16,}",  # OpenAI, Anthropic
    "k_live_": r"[sr]k_live_[A-Za-z0-9]{16,}",  # Stripe
    "k_test_": r"[sr]k_test_[A-Za-z0-9]{16,}",
    **{f"gh{kind}_": rf"gh{kind}_[A-Za-z0-9]{{30,}}" for kind in "opsur"},  # GitHub
    "github_pat_": r"github_pat_[A-Za-z0-9_]{22,}",
    "glpat-": r"glpat-[A-Za-z0-9_-]{20,}",  # GitLab
    "hf_": r"hf_[A-Za-z0-9]{30,}",  # Hugging Face
    "AKIA": r"AKIA[0-9A-Z]{16}",  # AWS
    "ASIA": r"ASIA[0-9A-Z]{16}",
    "AIza": r"AIza[0-9A-Za-z_-]{35}",  # Google
    "xox": r"xox[abeoprs]-[A-Za-z0-9-]{10,}",  # Slack
    "eyJ": r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}",  # JSON Web Token
    "Bearer ": r"Bearer [A-Za-z0-9._~+/-]{16,}=*",
    "@": r"//[^\s/:@]*:[^\s/@]+@",  # a URL's user and password
    "-----BEGIN": r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
}
"""By a text each of them holds: to look for that is far cheaper than to try them all at once."""


def _sign_in(mark: str) -> str:
    return next(sign for sign in _SIGNS if sign in mark)


_FORMS = {
    sign: [(mark, re.compile(form)) for mark, form in KEY_FORMS.items() if _sign_in(mark) == sign]
    for sign in _SIGNS
}
_SECRET_NAMES = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")
_SHORTEST = 6  # characters; a shorter value of a variable is in too many words
_Event = TypeVar("_Event", bound=RunEvent)


class Redactor:
    """Masks key forms, a project's own patterns, and the values of secret-looking variables."""

    def __init__(
        self, patterns: tuple[str, ...] = (), environ: Mapping[str, str] = os.environ
    ) -> None:
        self._values = _values_of(environ)
        self._own = [re.compile(pattern) for pattern in patterns]

    def text(self, text: str) -> str:
        """Mask what is secret in a text; gives the same object where nothing is."""
        for value in self._values:
            if value in text:
                text = text.replace(value, MASK)
        for sign, forms in _FORMS.items():
            if sign in text:
                text = _mask_forms(forms, text)
        for pattern in self._own:
            text = pattern.sub(MASK, text)
        return text

    def content(self, content: StoredContent) -> StoredContent:
        """Mask the preview of a stored value; the value itself stays as it is."""
        return _mask_preview(self.text, content)

    def event(self, event: _Event) -> _Event:
        """Mask what is secret in what an event tells people."""
        fields = _FIELDS.get(event.event)
        if fields is None:
            return event
        changed: dict[str, Any] = {}
        for name in fields:
            value: Any = getattr(event, name)
            if value and (masked := _MASKS[name](self.text, value)) is not value:
                changed[name] = masked
        return event.model_copy(update=changed) if changed else event


def _mask_forms(forms: Sequence[tuple[str, re.Pattern[str]]], text: str) -> str:
    for mark, form in forms:
        if mark in text:
            text = form.sub(MASK, text)
    return text


def _values_of(environ: Mapping[str, str]) -> list[str]:
    values = {
        value
        for name, value in environ.items()
        if name.upper().endswith(_SECRET_NAMES) and len(value) >= _SHORTEST
    }
    # The longest first: one may begin with another.
    return sorted(values, key=len, reverse=True)


_Mask = Callable[[str], str]


def _mask_text(mask: _Mask, text: str) -> str:
    return mask(text)


def _mask_preview(mask: _Mask, content: StoredContent) -> StoredContent:
    preview = content.preview and mask(content.preview)
    return (
        content if preview is content.preview else content.model_copy(update={"preview": preview})
    )


def _mask_failure(mask: _Mask, failure: Failure) -> Failure:
    again = partial(_mask_failure, mask)
    return failure.model_copy(
        update={
            "message": mask(failure.message),
            "frames": tuple(_mask_frame(mask, frame) for frame in failure.frames),
            "notes": tuple(map(mask, failure.notes)),
            "cause": None if failure.cause is None else again(failure.cause),
            "members": tuple(map(again, failure.members)),
        }
    )


def _mask_frame(mask: _Mask, frame: Frame) -> Frame:
    source = mask(frame.source)
    return frame if source is frame.source else frame.model_copy(update={"source": source})


_MASKS: dict[str, Callable[[_Mask, Any], object]] = {
    "text": _mask_text,
    "message": _mask_text,
    "reason": _mask_text,
    "error": _mask_text,
    "failure": _mask_failure,
    "content": _mask_preview,
    "input": _mask_preview,
}
_ENDED = ("failure",)
_FIELDS: dict[str, tuple[str, ...]] = {
    "StepLog": ("text",),
    "StepProgress": ("message",),
    "StepCompleted": ("error", "content"),
    "StepReused": ("content",),
    "StepError": _ENDED,
    "StepRetrying": _ENDED,
    "StepCancelled": ("reason",),
    "StepSkipped": ("reason",),
    "WorkflowStarted": ("input",),
    "WorkflowCompleted": ("error", "content"),
    "WorkflowError": _ENDED,
    "WorkflowCancelled": ("reason",),
    "WorkflowCrashed": ("reason",),
    "ParallelExecutionCompleted": _ENDED,
    "ConditionExecutionCompleted": _ENDED,
    "LoopExecutionCompleted": _ENDED,
    "LoopIterationCompleted": _ENDED,
    "RouterExecutionCompleted": _ENDED,
    "StepsExecutionCompleted": _ENDED,
}
"""What an event of a kind tells people; a streamed text is a step's content, and stays."""
