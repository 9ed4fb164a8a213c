"""Calls what an author wrote: any kind of callable, looked at once when the workflow is built."""

import asyncio  # noqa: TID251 - anyio has no word for a loop that ends
import inspect
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import cached_property, partial
from typing import Any, cast

import anyio
import anyio.lowlevel
from anyio import current_effective_deadline, get_cancelled_exc_class

from tuiflow.engine.agents import is_agent_event, said_by
from tuiflow.engine.context import RunContext, enter_context
from tuiflow.engine.fingerprint import fingerprint
from tuiflow.engine.step_io import StepOutput
from tuiflow.engine.threads import ThreadCall
from tuiflow.errors import DefinitionError, StepCancelledError, StepTimeoutError
from tuiflow.model.events import CustomEvent, RunEvent

Function = Callable[..., Any]
GIVEN = ("run_context", "session_state", "step_choices")


class RaisedError(Exception):
    """Carries what an author's code raised, of whatever kind, through the engine's own frames."""

    def __init__(self, original: BaseException) -> None:
        super().__init__(repr(type(original)))
        self.original = original


class Executor:
    """One callable of an author: an executor, an evaluator, a selector or an end condition."""

    def __init__(
        self, owner: str, role: str, function: Function, *, is_limited: bool = True
    ) -> None:
        self._is_limited = is_limited
        self.function = function
        self.name = function_name(function)
        self.display_name = self.name or "<lambda>"
        self._is_on_loop = _is_async(function)
        self._first, self._named = _read_parameters(owner, role, self.display_name, function)

    @cached_property
    def code(self) -> str:
        """The function's fingerprint."""
        return fingerprint(self.function)

    async def call(self, given: object, ctx: RunContext, *, choices: Sequence[object] = ()) -> Any:
        """Call it and give what it returned; raises RaisedError with what it raised."""
        call = partial(self.function, *self._arguments(given), **self._keywords(ctx, choices))
        leave = enter_context(ctx)
        try:
            if not self._is_on_loop:
                return await _await_value(await self._call_in_thread(call, ctx), ctx)
            if ctx.limit is not None:
                ctx.limit.begin()
            return await _await_value(call(), ctx)
        except get_cancelled_exc_class() as error:
            ctx.cancelled = True
            if _is_cancelled():
                raise
            raise RaisedError(error) from error
        except (GeneratorExit, RaisedError):
            raise
        except BaseException as error:
            # What cancelled code raises while it cleans up is part of the cancel.
            await _raise_if_cancelled()
            raise RaisedError(error) from error
        finally:
            leave()

    async def _call_in_thread(self, call: Callable[[], object], ctx: RunContext) -> object:
        thread = ThreadCall(partial(_call_and_drain, call, ctx), f"tuiflow {ctx.node_path}")
        # What waits for other steps must not take the place they need.
        async with ctx.scope.limiter if self._is_limited else nullcontext():
            if ctx.limit is not None:
                ctx.limit.begin()
            ended = await thread.wait(
                grace=ctx.scope.cancel_grace, on_cancel=partial(_interruption, ctx)
            )
        if not ended:
            _tell_it_was_left(thread, ctx)
        if ctx.limit is not None and thread.error is not None:
            ctx.limit.place = thread.error.__traceback__
        if not ended or thread.error is not None:
            await _raise_if_cancelled()
        if thread.error is not None:
            raise RaisedError(thread.error)
        return thread.result()

    def _arguments(self, given: object) -> tuple[object, ...]:
        return (given,) if self._first else ()

    def _keywords(self, ctx: RunContext, choices: Sequence[object]) -> dict[str, object]:
        if not self._named:
            return {}
        known = {
            "run_context": ctx,
            "session_state": ctx.session_state,
            "step_choices": list(choices),
        }
        return {name: known[name] for name in self._named}


def function_name(function: Function) -> str:
    """Give the name an author would call it by; empty for a lambda."""
    if isinstance(function, partial):
        return function_name(cast("partial[object]", function).func)
    name = getattr(function, "__name__", None) or type(function).__name__
    return "" if name == "<lambda>" else str(name)


def _is_async(function: Function) -> bool:
    while isinstance(function, partial):
        function = cast("partial[object]", function).func
    called = function if inspect.isroutine(function) else getattr(function, "__call__", function)  # noqa: B004 - its kind is asked for, not whether it is there
    return inspect.iscoroutinefunction(called) or inspect.isasyncgenfunction(called)


def _read_parameters(
    owner: str, role: str, name: str, function: Function
) -> tuple[bool, tuple[str, ...]]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return True, ()  # some builtins do not tell: they get the one positional argument
    takes_first = False
    for parameter in parameters:
        if parameter.name in GIVEN:
            continue
        is_positional = parameter.kind in {
            parameter.POSITIONAL_ONLY,
            parameter.POSITIONAL_OR_KEYWORD,
            parameter.VAR_POSITIONAL,
        }
        is_needed = parameter.default is parameter.empty or parameter.name == "step_input"
        if is_positional and is_needed and not takes_first:
            takes_first = True
        elif is_needed and parameter.kind not in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}:
            problem = (
                f"its {role} {name} wants a parameter {parameter.name!r}; "
                f"it can have step_input first, and by name {', '.join(GIVEN)}"
            )
            raise DefinitionError(owner, problem)
    return takes_first, tuple(each.name for each in parameters if each.name in GIVEN)


def _interruption(ctx: RunContext) -> type[BaseException]:
    ctx.cancelled = True
    return StepTimeoutError if ctx.limit is not None and ctx.limit.is_over else StepCancelledError


def _tell_it_was_left(thread: ThreadCall, ctx: RunContext) -> None:
    what = "timeout" if ctx.limit is not None and ctx.limit.is_over else "cancel"
    where = f", at {thread.place}," if thread.place else ""
    text = (
        f"its thread did not end at the {what}{where} and is left behind: it ends with its process"
    )
    ctx.log(text, "warning")


def _is_cancelled() -> bool:
    return current_effective_deadline() == -math.inf or _is_loop_ending()


def _is_loop_ending() -> bool:
    # A loop that ends cancels every task on its own, and no scope of anyio's knows of it.
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return False
    return task is not None and task.cancelling() > 0


async def _raise_if_cancelled() -> None:
    if _is_cancelled():
        await anyio.lowlevel.checkpoint()


async def _await_value(value: object, ctx: RunContext) -> object:
    # By what its type has: to ask an abstract class takes as long as to call the step.
    if hasattr(type(value), "__await__"):
        value = await cast("Awaitable[object]", value)
    if hasattr(type(value), "__anext__") and isinstance(value, AsyncGenerator):
        return await _drain_async(cast("AsyncGenerator[object]", value), ctx)
    return value


def _call_and_drain(call: Callable[[], object], ctx: RunContext) -> object:
    value = call()
    if isinstance(value, Generator):
        return _drain(cast("Generator[object, None, object]", value), ctx)
    return value


class _Yields:
    """Sorts what a generator yields: text streams, events go on, an output is the result.

    Of what an agent tells that is handed on as it comes, the text is taken.
    """

    def __init__(self, ctx: RunContext) -> None:
        self._ctx = ctx
        self._texts: list[str] = []
        self._output: StepOutput | None = None

    def take(self, value: object) -> None:
        match value:
            case str():
                self._texts.append(value)
                self._ctx.write_content(value)
            case StepOutput():
                self._output = value
            case CustomEvent():
                self._ctx.emit(value)
            case _ if is_agent_event(value) and not isinstance(value, RunEvent):
                if (text := said_by(self._ctx.step_name, value)) is not None:
                    self.take(text)
            case _:
                raise TypeError(
                    f"a generator step yields text, CustomEvents and a StepOutput, "
                    f"not {type(value).__name__}: return the value, or yield StepOutput(content=…)"
                )

    def result(self, returned: object) -> object:
        if isinstance(returned, StepOutput):
            self._output = returned
        text = "".join(self._texts) if self._texts else None
        if self._output is not None and self._output.content is None:
            return replace(self._output, content=text)
        if self._output is not None:
            return self._output
        return returned if returned is not None else text


def _drain(generator: Generator[object, None, object], ctx: RunContext) -> object:
    yields = _Yields(ctx)
    try:
        while True:
            try:
                value = next(generator)
            except StopIteration as end:
                return yields.result(end.value)
            yields.take(value)
    finally:
        generator.close()


async def _drain_async(generator: AsyncGenerator[object], ctx: RunContext) -> object:
    yields = _Yields(ctx)
    try:
        async for value in generator:
            yields.take(value)
    finally:
        with anyio.CancelScope(shield=True):
            await generator.aclose()
    return yields.result(None)
