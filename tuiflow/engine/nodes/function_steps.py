"""One function as a whole workflow: it orchestrates by itself, and calls steps where it likes."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar

from anyio import create_task_group

from tuiflow.engine.calls import Calls
from tuiflow.engine.coerce import coerce_node
from tuiflow.engine.context import RunContext
from tuiflow.engine.executor import GIVEN, Executor, RaisedError, function_name
from tuiflow.engine.node import Node, OnError
from tuiflow.engine.returned import as_output
from tuiflow.engine.step_io import StepInput, StepOutput, content_text, made_inside
from tuiflow.errors import DefinitionError, StepFailedError, StoreError
from tuiflow.model.media import Audio, File, Image, Video
from tuiflow.model.outline import NodeKind


@dataclass(frozen=True, kw_only=True)
class WorkflowExecutionInput:
    """What a run was started with, for a function that is the whole workflow."""

    input: Any = None
    additional_data: dict[str, Any] | None = None
    images: list[Image] = field(default_factory=list[Image])
    videos: list[Video] = field(default_factory=list[Video])
    audio: list[Audio] = field(default_factory=list[Audio])
    files: list[File] = field(default_factory=list[File])

    @property
    def message(self) -> Any:
        return self.input

    def get_input_as_string(self) -> str | None:
        """Give the input as text; None where there is none."""
        return None if self.input is None else content_text(self.input)


class FunctionSteps(Node):
    """Stands for the steps of a workflow; what its function returns is the run's content."""

    kind: ClassVar[NodeKind] = NodeKind.STEPS

    def __init__(self, owner: str, function: Callable[..., Any], workflow: object) -> None:
        super().__init__(None, "", OnError.fail)
        _check_function(owner, function)
        self._owner = owner
        self._executor = Executor(owner, "steps", partial(function, workflow), is_limited=False)

    @property
    def label(self) -> str:
        return self._executor.name

    @property
    def code(self) -> str:
        return self._executor.code

    async def run(self, step_input: StepInput, ctx: RunContext) -> StepOutput:
        await ctx.scope.barrier()
        given = WorkflowExecutionInput(
            input=step_input.input,
            additional_data=step_input.additional_data,
            images=step_input.images,
            videos=step_input.videos,
            audio=step_input.audio,
            files=step_input.files,
        )
        value: object = None
        raised: RaisedError | None = None
        group = create_task_group()
        calls = Calls(ctx, group, step_input, partial(coerce_node, self._owner))
        async with group:
            ctx.facts.is_side_by_side = True
            ctx.caller = calls
            try:
                value = await self._executor.call(given, ctx)
            except RaisedError as error:
                raised = error
                group.cancel_scope.cancel()
        ctx.caller = None
        if raised is not None:
            is_known = isinstance(raised.original, StepFailedError | StoreError)
            raise raised.original if is_known else raised
        output, inside = as_output(value), ctx.outputs_inside()
        return replace(output, steps=inside, **made_inside(inside, output.media))


def _check_function(owner: str, function: Callable[..., Any]) -> None:
    if isinstance(function, type):
        raise DefinitionError(owner, f"{function.__name__} is a class: give it an instance")
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return
    named = [each for each in parameters if each.name not in GIVEN]
    taken = [
        each for each in named if each.kind in {each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD}
    ]
    if len(taken) < 2 and not any(each.kind is each.VAR_POSITIONAL for each in named):
        name = function_name(function) or "<lambda>"
        raise DefinitionError(
            owner,
            "steps= takes a list of steps, or one function of (workflow, execution_input): "
            f"write steps=[{name}]",
        )
