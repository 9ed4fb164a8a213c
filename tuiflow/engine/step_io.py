"""What a step is given and what it gives, as its author sees them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from pydantic import JsonValue

from tuiflow.engine.content_text import content_text
from tuiflow.engine.history import History
from tuiflow.engine.past_runs import PastRuns, Turn, write_context
from tuiflow.engine.seen_media import SeesMedia
from tuiflow.model.ids import NodePath
from tuiflow.model.media import (
    MEDIA_FIELDS,
    Audio,
    File,
    Image,
    MediaByKind,
    Medium,
    Video,
    by_kind,
    check_media,
)
from tuiflow.model.outline import NodeKind
from tuiflow.model.text import whole_text

CANCELLED = "cancelled"
"""The error of an output whose node was told to stop."""


@dataclass(slots=True, kw_only=True)
class StepOutput:
    """What a step gave; `content` keeps its type. The lower half is filled in by the engine."""

    content: Any = None
    images: Sequence[Image] | None = None
    videos: Sequence[Video] | None = None
    audio: Sequence[Audio] | None = None
    files: Sequence[File] | None = None
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
        check_media("StepOutput", {name: getattr(self, name) for name in MEDIA_FIELDS})

    @property
    def media(self) -> tuple[Medium, ...]:
        """All that was made; a composite's are those of all that ran inside it, in order."""
        if self.images is self.videos is self.audio is self.files is None:
            return ()
        kinds = (self.images, self.videos, self.audio, self.files)
        return tuple(medium for some in kinds for medium in some or ())

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
        return StepOutput(steps=outputs, ran=False, **made_inside(outputs))
    return StepOutput(
        **made_inside(outputs),
        content=last.content,
        content_path=last.content_path,
        **verdict(outputs),
        stop=outputs[-1].stop,
        steps=outputs,
    )


def made_inside(outputs: Iterable[StepOutput], own: Iterable[Medium] = ()) -> MediaByKind:
    """Gather the media of what stands inside a composite, and what it made itself."""
    media = [medium for output in outputs for medium in output.media]
    return by_kind([*media, *own])


class Verdict(TypedDict):
    """Whether all went well, and what the first said that did not."""

    success: bool
    error: str | None


def verdict(outputs: Iterable[StepOutput]) -> Verdict:
    """Sum up what stands inside a composite; what was told to stop is no failure."""
    bad = [each for each in outputs if not each.success and each.error != CANCELLED]
    return {"success": not bad, "error": next((each.error for each in bad if each.error), None)}


class StepInput(SeesMedia):
    """What a step is given; a Parallel's branches share one."""

    __slots__ = ("_given", "_history", "_is_asked", "_past", "additional_data", "input")

    def __init__(  # noqa: PLR0913 - what a step can be given, by keyword
        self,
        input: object = None,  # noqa: A002 - the name authors know
        *,
        previous_step_content: object = None,
        previous_step_outputs: Mapping[str, StepOutput] | None = None,
        additional_data: dict[str, Any] | None = None,
        images: Sequence[Image] = (),
        videos: Sequence[Video] = (),
        audio: Sequence[Audio] = (),
        files: Sequence[File] = (),
    ) -> None:
        self.input: Any = input
        self._is_asked = False
        self._past: PastRuns | None = None
        self.additional_data = additional_data
        self._given: tuple[Medium, ...] = (*images, *videos, *audio, *files)
        self._history: History | None = None
        for name, output in (previous_step_outputs or {}).items():
            self._history = History(self._history, name, output)
        if previous_step_content is not None:
            output = StepOutput(content=previous_step_content)
            self._history = History(self._history, "previous", output)

    def after(self, name: str, output: StepOutput) -> "StepInput":
        """Give what the next step is given, once this output is there."""
        return self._with(self.input, History(self._history, name, output), self._past)

    def with_input(self, value: object) -> "StepInput":
        """Give the same past with another input, which stands over what came before."""
        return self._with(value, self._history, self._past, is_asked=True)

    def with_usual_history(self, num_runs: int) -> "StepInput":
        """Give the same where so many earlier runs are given to who does not say how many."""
        past = self._past.by(num_runs) if self._past else None
        return self._with(self.input, self._history, past, is_asked=self._is_asked)

    def _with(
        self,
        value: object,
        history: History | None,
        past: PastRuns | None,
        *,
        is_asked: bool = False,
    ) -> "StepInput":
        other = StepInput(value, additional_data=self.additional_data)
        other._given, other._history, other._past = self._given, history, past
        other._is_asked = is_asked
        return other

    @classmethod
    def of_run(
        cls,
        value: object,
        additional_data: dict[str, Any] | None,
        media: tuple[Medium, ...],
        past: PastRuns | None,
    ) -> "StepInput":
        """Make what the first step of a run is given."""
        first = cls(value, additional_data=additional_data)
        first._given, first._past = media, past
        return first

    @property
    def media(self) -> tuple[Medium, ...]:
        """The run's media and what earlier steps made, in order, through every composite."""
        history = self._history
        if history is None or not history.media:
            return self._given
        return tuple(dict.fromkeys((*self._given, *history.media)))

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
    def handed_on(self) -> Any:
        """What an agent or a workflow is to work on: the content before it, else the input.

        The input also where a function workflow has given it to this step alone.
        """
        previous = self.previous_step_content
        return self.input if self._is_asked or previous is None else previous

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
