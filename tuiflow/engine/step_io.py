"""What a step is given and what it gives, as its author sees them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict

from pydantic import BaseModel, JsonValue

from tuiflow.engine.past_runs import PastRuns, Turn, write_context
from tuiflow.errors import NotSupportedError
from tuiflow.model.ids import NodePath
from tuiflow.model.outline import NodeKind
from tuiflow.model.text import whole_text

CANCELLED = "cancelled"
"""The error of an output whose node was told to stop."""
_MEDIA = ("images", "videos", "audio", "files")


@dataclass(slots=True, kw_only=True)
class StepOutput:
    """What a step gave; `content` keeps its type. The lower half is filled in by the engine."""

    content: Any = None
    images: None = None
    videos: None = None
    audio: None = None
    files: None = None
    success: bool = True
    error: str | None = None
    stop: bool = False
    metrics: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])

    step_name: str | None = None
    step_id: str | None = None
    step_type: str | None = None
    executor_type: str | None = None
    executor_name: str | None = None
    step_run_id: str | None = None
    steps: "list[StepOutput]" = field(default_factory=list["StepOutput"])
    """The outputs of what stands inside a composite, in the order they ran."""
    node_path: NodePath | None = None
    content_path: NodePath | None = None
    """The node that gave `content`: for a composite the last one that ran inside it."""
    ran: bool = True
    """Whether anything ran: false for a condition that was not met and had no other side."""

    def __post_init__(self) -> None:
        if self.images is self.videos is self.audio is self.files is None:
            return
        for medium in _MEDIA:
            if getattr(self, medium) is not None:
                raise NotSupportedError("StepOutput", f"{medium}=")

    def text(self) -> str:
        """Write the content for a person; a Parallel's gets a heading for each child."""
        if self.step_type == NodeKind.PARALLEL and not self.stop:
            parts = [f"## {each.step_name}\n\n{each.text()}" for each in self.steps if each.ran]
            return "\n\n".join(parts)
        return content_text(self.content)

    def find(self, name: str) -> "StepOutput | None":
        """Look for a name inside, depth first; of a Loop in its last iteration first."""
        inside = reversed(self.steps) if self.step_type == NodeKind.LOOP else self.steps
        for output in inside:
            found = output if output.step_name == name else output.find(name)
            if found is not None:
                return found
        return None


def gather_outputs(outputs: list[StepOutput]) -> StepOutput:
    """Make the output of a composite that ran these one after the other."""
    last = next((output for output in reversed(outputs) if output.ran), None)
    if last is None:
        return StepOutput(steps=outputs, ran=False)
    return StepOutput(
        content=last.content,
        content_path=last.content_path,
        **verdict(outputs),
        stop=outputs[-1].stop,
        steps=outputs,
    )


class Verdict(TypedDict):
    """Whether all went well, and what the first said that did not."""

    success: bool
    error: str | None


def verdict(outputs: Iterable[StepOutput]) -> Verdict:
    """Sum up what stands inside a composite; what was told to stop is no failure."""
    bad = [each for each in outputs if not each.success and each.error != CANCELLED]
    return {"success": not bad, "error": next((each.error for each in bad if each.error), None)}


def content_text(content: object) -> str:
    """Write a content as text: text as it is, values as indented JSON where that can be done."""
    match content:
        case None:
            return ""
        case str():
            return content
        case BaseModel():
            return content.model_dump_json(indent=2)
        case dict() | list() | tuple():
            return json.dumps(content, indent=2, ensure_ascii=False, default=_plain)
        case _:
            return str(content)


def _plain(value: object) -> object:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else str(value)


class History:
    """The outputs before a step, newest first: a chain, so that each step sees its own past.

    A list would be copied for every step, and ten thousand steps in a row would cost their square.
    """

    __slots__ = ("before", "latest", "name", "output")

    def __init__(self, before: "History | None", name: str, output: StepOutput) -> None:
        self.before = before
        self.name = name
        self.output = output
        self.latest = output if output.ran or before is None else before.latest
        """The newest output that came from something that ran."""


class StepInput:
    """What a step is given; a Parallel's branches share one."""

    __slots__ = ("_history", "_past", "additional_data", "input")

    def __init__(
        self,
        input: object = None,  # noqa: A002 - the name authors know
        *,
        previous_step_content: object = None,
        previous_step_outputs: Mapping[str, StepOutput] | None = None,
        additional_data: dict[str, Any] | None = None,
        past: PastRuns | None = None,
    ) -> None:
        self.input: Any = input
        self._past = past
        self.additional_data = additional_data
        self._history: History | None = None
        for name, output in (previous_step_outputs or {}).items():
            self._history = History(self._history, name, output)
        if previous_step_content is not None:
            output = StepOutput(content=previous_step_content)
            self._history = History(self._history, "previous", output)

    def after(self, name: str, output: StepOutput) -> "StepInput":
        """Give what the next step is given, once this output is there."""
        following = StepInput(self.input, additional_data=self.additional_data, past=self._past)
        following._history = History(self._history, name, output)
        return following

    def with_input(self, value: object) -> "StepInput":
        """Give the same past with another input."""
        other = StepInput(value, additional_data=self.additional_data, past=self._past)
        other._history = self._history
        return other

    def with_usual_history(self, num_runs: int) -> "StepInput":
        """Give the same where so many earlier runs are given to who does not say how many."""
        past = self._past.by(num_runs) if self._past else None
        other = StepInput(self.input, additional_data=self.additional_data, past=past)
        other._history = self._history
        return other

    @property
    def message(self) -> Any:
        return self.input

    @property
    def workflow_message(self) -> Any:
        return self.input

    @property
    def previous_step_content(self) -> Any:
        return self._history.latest.content if self._history else None

    @property
    def previous_path(self) -> NodePath | None:
        """The node whose content is `previous_step_content`."""
        return self._history.latest.content_path if self._history else None

    @property
    def previous_step_outputs(self) -> dict[str, StepOutput]:
        """Every output before this step by its name, oldest first."""
        newest_first: list[tuple[str, StepOutput]] = []
        link = self._history
        while link is not None:
            newest_first.append((link.name, link.output))
            link = link.before
        return dict(reversed(newest_first))

    def get_step_output(self, name: str) -> StepOutput | None:
        """Find an output: by its own name first, then inside the composites, depth first."""
        name = whole_text(name)
        # Along the chain: a dictionary of all of them for each step in a row would cost a square.
        link = self._history
        while link is not None:
            if link.name == name:
                return link.output
            link = link.before
        found = (output.find(name) for output in self.previous_step_outputs.values())
        return next((output for output in found if output is not None), None)

    def get_step_content(self, name: str) -> Any:
        """Give a step's content with its type, a Parallel's as a dict; None for an unknown name."""
        output = self.get_step_output(name)
        return output.content if output else None

    def get_last_step_content(self) -> Any:
        """Give the content of the deepest last step that ran."""
        output = self._history.latest if self._history else None
        while output is not None and output.steps and not output.stop:
            inside = (each for each in reversed(output.steps) if each.ran)
            deeper = next(inside, None)
            if deeper is None:
                break
            output = deeper
        return output.content if output else None

    def get_all_previous_content(self) -> str:
        """Give every content before this step as text, under its step's name."""
        outputs = self.previous_step_outputs.items()
        said = [(name, output) for name, output in outputs if output.content is not None]
        return "\n\n".join(f"=== {name} ===\n{output.text()}" for name, output in said)

    def get_input_as_string(self) -> str | None:
        """Give the input as text; None where there is none."""
        return None if self.input is None else content_text(self.input)

    def get_workflow_history(self, num_runs: int | None = None) -> list[Turn]:
        """Give input and content, as text, of the session's completed runs before this one.

        The newest `num_runs` of them, oldest first; all where neither step nor workflow has a
        number either. Reads the database.
        """
        return self._past.turns(num_runs) if self._past else []

    def get_workflow_history_context(self, num_runs: int | None = None) -> str | None:
        """Give the same as one text for a language model; None where there are no such runs."""
        return write_context(self.get_workflow_history(num_runs))

    def __repr__(self) -> str:
        return f"StepInput(input={self.input!r}, previous={list(self.previous_step_outputs)})"


def as_output(value: object) -> StepOutput:
    """Take what an executor returned as it is, or wrap it with its type kept."""
    if isinstance(value, StepOutput):
        # A copy: the author may return the same object from every call.
        return replace(value)
    return StepOutput(content=value)
