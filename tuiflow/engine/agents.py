"""Calls agents as steps: anything with an async `run`, as pydantic-ai's, or `arun`, as Agno's.

Their libraries are never needed here: what an agent is called with is read from its own method.
"""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import Any, cast

from anyio import to_thread

from tuiflow.engine.agent_media import agent_media, made_media
from tuiflow.engine.content_text import content_text
from tuiflow.engine.context import RunContext
from tuiflow.engine.step_io import StepInput, StepOutput
from tuiflow.errors import AgentError, DefinitionError
from tuiflow.model.text import whole_text

_UNFINISHED = ("error", "cancelled", "paused")
_BAD_ENDS = ("RunError", "RunCancelled", "RunPaused")
_LONGEST_NAME = 200  # characters


class AgentCall:
    """The executor of a step with an agent or a team."""

    def __init__(self, owner: str, role: str, agent: object) -> None:
        self._method, self._is_arun = _read_method(owner, role, agent)
        self._agent = agent
        self._takes = inspect.signature(self._method).parameters
        self.__name__ = _name(agent)

    async def __call__(self, step_input: StepInput, run_context: RunContext) -> StepOutput:
        # Its past is in the database and its media are in files: neither is read on the loop.
        call = await to_thread.run_sync(self._prepare, step_input, run_context)
        gave: object = call()
        if inspect.isasyncgen(gave) or isinstance(gave, AsyncIterator):
            return self._read(await self._follow(cast("AsyncIterator[object]", gave), run_context))
        return self._read(await cast("Awaitable[object]", gave))

    def _prepare(self, step_input: StepInput, ctx: RunContext) -> Callable[[], object]:
        text = _message(step_input, ctx)
        prompt, options = agent_media(self._agent, text, step_input)
        wanted: dict[str, object] = {
            **options,
            "session_id": ctx.session_id,
            "user_id": ctx.user_id,
            **(self._streaming(ctx) if ctx.policy.is_live else {}),
        }
        taken = {
            name: value
            for name, value in wanted.items()
            if value is not None and name in self._takes
        }
        return partial(self._method, prompt, **taken)

    def _streaming(self, ctx: RunContext) -> Mapping[str, object]:
        if not self._is_arun:
            return {"event_stream_handler": partial(_write_parts, ctx)}
        # Without its last word a stream would have no typed output.
        return {"stream": True, "yield_run_output": True} if "stream" in self._takes else {}

    async def _follow(self, events: AsyncIterator[object], ctx: RunContext) -> object:
        result: object = None
        async for event in events:
            if not is_agent_event(event):
                result = event
            elif (text := said_by(self.__name__, event)) is not None:
                ctx.write_content(text)
        return result

    def _read(self, result: Any) -> StepOutput:
        match result:
            case StepOutput():
                return result
            case object(output=output, usage=usage):
                return StepOutput(content=output, metrics=_numbers(usage))
            case object(content=content, metrics=metrics):
                status: object = getattr(result, "status", None)
                ended = str(getattr(status, "value", status)).lower()
                if ended in _UNFINISHED:
                    raise AgentError(self.__name__, ended, cast("object", content))
                return StepOutput(content=content, metrics=_numbers(metrics), **made_media(result))
            case _:
                return StepOutput(content=result)


def is_agent(item: object) -> bool:
    """Say whether an object can be asked as an agent is."""
    return not isinstance(item, type) and (
        callable(getattr(item, "arun", None))
        or inspect.iscoroutinefunction(getattr(item, "run", None))
    )


def is_agent_event(item: object) -> bool:
    """Say whether something is told by a running agent, as Agno's are."""
    return isinstance(getattr(item, "event", None), str) and hasattr(item, "content")


def said_by(name: str, event: Any) -> str | None:
    """Give the text an agent's event brings; raises AgentError where it has failed."""
    kind, content = str(event.event), event.content
    # What a member says of its end is its team's to judge.
    if kind.endswith(_BAD_ENDS) and getattr(event, "parent_run_id", None) is None:
        raise AgentError(name, kind, content)
    return content if kind.endswith("RunContent") and isinstance(content, str) else None


def _read_method(owner: str, role: str, agent: object) -> tuple[Callable[..., object], bool]:
    if hasattr(agent, "definition"):
        raise DefinitionError(owner, f"{role}= takes an agent: write workflow= for a Workflow")
    if not isinstance(agent, type):
        if callable(arun := getattr(agent, "arun", None)):
            return arun, True
        if inspect.iscoroutinefunction(run := getattr(agent, "run", None)):
            return run, False
    found = agent.__name__ if isinstance(agent, type) else type(agent).__name__
    what = f"the class {found}" if isinstance(agent, type) else found
    raise DefinitionError(owner, f"{role}= takes an object with an async run or arun, not {what}")


def _name(agent: object) -> str:
    name = getattr(agent, "name", None)
    is_fit = isinstance(name, str) and 1 <= len(name) <= _LONGEST_NAME
    return whole_text(cast("str", name)) if is_fit else type(agent).__name__


def _message(step_input: StepInput, ctx: RunContext) -> str:
    """Write what the agent is told: what came before it, else the run's input."""
    content = step_input.handed_on
    outputs = reversed(step_input.previous_step_outputs.values())
    found = next((each for each in outputs if each.content is content), None)
    text = content_text(content) if found is None else found.text()
    past = step_input.get_workflow_history_context() if ctx.scope.gives_past(ctx.policy) else None
    return f"{past}\n\n{text}" if past else text


async def _write_parts(ctx: RunContext, _: object, events: AsyncIterator[Any]) -> None:
    async for event in events:
        match event.event_kind:
            case "part_start" if event.part.part_kind == "text":
                ctx.write_content(event.part.content)
            case "part_delta" if event.delta.part_delta_kind == "text":
                ctx.write_content(event.delta.content_delta)
            case _:
                pass


def _numbers(usage: Any) -> dict[str, Any]:
    """Take the counts of what was used; those that are zero say nothing."""
    facts = cast("dict[str, object]", getattr(usage, "__dict__", {}))
    return {
        name: value
        for name, value in facts.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and value
    }
