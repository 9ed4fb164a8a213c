"""A run's events as its caller reads them: pulled from the log, so that nobody waits for a reader.

The run does not know its reader: one that is slow, or leaves, changes nothing for it.
"""

import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, Self
from weakref import finalize

import anyio
from anyio import move_on_after, to_thread

from tuiflow.model.custom_events import restore_events
from tuiflow.model.events import RUN_END_KINDS, Event
from tuiflow.model.ids import RunId
from tuiflow.workflow.background import keep_running
from tuiflow.workflow.blocking import call_blocking
from tuiflow.workflow.claimed_run import INTERRUPTED
from tuiflow.workflow.run_output import WorkflowRunOutput

LOOK_SECONDS = 0.02


class RunLog(Protocol):
    """Where a run's events are read, a page at a time, by one thread at a time."""

    def read(self, after: int) -> list[Event]:
        """Read what comes after a seq and is safe by now; empty where there is nothing yet."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


@dataclass(frozen=True, kw_only=True)
class StreamedRun:
    """A run that is to be read while it goes on."""

    run_id: RunId
    create: Callable[[], Awaitable[object]]
    """Makes the pending run."""
    execute: Callable[[], Coroutine[Any, Any, WorkflowRunOutput]]
    """Goes to the run's end; raises what its caller is to be told."""
    cancel: Callable[[str], Awaitable[object]]
    end_left: Callable[[RunId], object]
    """Ends it where its loop has ended before it could begin."""
    open_log: Callable[[], RunLog]
    kinds: frozenset[str] | None = None
    """The events that are wanted; None for all."""


class _Reading:
    """What has been read of a log and not been taken yet: at most a page."""

    def __init__(self, log: RunLog, kinds: frozenset[str] | None) -> None:
        self._log = log
        self._kinds = kinds
        self._page: deque[Event] = deque()
        self._seq = 0
        self._has_end = False
        self.close = finalize(self, log.close)

    @property
    def is_over(self) -> bool:
        return self._has_end and not self._page

    def take(self) -> Event | None:
        return self._page.popleft() if self._page else None

    def read(self) -> None:
        """Read on until something is there to be taken, or nothing more is known."""
        while not self._page and not self._has_end:
            events = self._log.read(self._seq)
            if not events:
                return
            self._seq = events[-1].seq
            self._has_end = any(_ends_run(event) for event in events)
            wanted = (e for e in events if self._kinds is None or e.kind in self._kinds)
            self._page.extend(restore_events(wanted))


class _Execution:
    """A run on its way to its end, and what its caller is to be told then."""

    def __init__(self, execute: Callable[[], Coroutine[Any, Any, WorkflowRunOutput]]) -> None:
        self._execute = execute
        self.output: WorkflowRunOutput | None = None
        # Not the thread's own `join`: interrupted, it takes a thread that runs for one that has
        # ended (https://github.com/python/cpython/issues/90882).
        self.is_done = threading.Event()
        self.error: BaseException | None = None

    async def run(self) -> None:
        try:
            self.output = await self._execute()
        except Exception as error:  # noqa: BLE001 - it is raised where the events are read
            self.error = error
        except BaseException as error:
            self.error = error
            raise

    def run_in_thread(self) -> None:
        try:
            anyio.run(self.run)
        except BaseException as error:  # noqa: BLE001 - it is raised where the events are read
            self.error = self.error or error
        finally:
            self.is_done.set()


class EventStream(Iterator[Event]):
    """The events of a run that begins with the first `next()`; leaving early lets it go on.

    At its end it raises what `run()` would: StepFailedError where a step failed the run.
    """

    def __init__(self, run: StreamedRun) -> None:
        self.run_id = run.run_id
        self._run = run
        self._execution = _Execution(run.execute)
        self._reading: _Reading | None = None
        self._is_closed = False

    @property
    def output(self) -> WorkflowRunOutput | None:
        """What the run gave; None before its end, and of a run that failed."""
        return self._execution.output

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event:
        if self._is_closed:
            raise StopIteration
        try:
            event = self._next(self._begun())
        except KeyboardInterrupt:
            self._interrupt()
            raise
        if event is None:
            self._end()
            raise StopIteration
        return event

    def close(self) -> None:
        """Stop reading; the run goes on."""
        self._is_closed = True
        if self._reading is not None:
            self._reading.close()

    def _begun(self) -> _Reading:
        if self._reading is None:
            call_blocking(self._run.create)
            self._reading = _Reading(self._run.open_log(), self._run.kinds)
            work = partial(copy_context().run, self._execution.run_in_thread)
            threading.Thread(target=work, name="tuiflow run", daemon=True).start()
        return self._reading

    def _next(self, reading: _Reading) -> Event | None:
        while (event := reading.take()) is None:
            has_ended = self._execution.is_done.is_set()
            reading.read()
            if event := reading.take():
                return event
            if reading.is_over or has_ended:
                return None
            self._execution.is_done.wait(LOOK_SECONDS)
        return event

    def _end(self) -> None:
        self._execution.is_done.wait()
        self.close()
        if self._execution.error is not None:
            raise self._execution.error

    def _interrupt(self) -> None:
        # Ctrl+C ends what this program is waiting for, as it ends `run()`.
        self.close()
        if self._reading is not None and not self._execution.is_done.is_set():
            call_blocking(lambda: self._run.cancel(INTERRUPTED))
            self._execution.is_done.wait()


class AsyncEventStream(AsyncIterator[Event]):
    """The events of a run in this loop; as `EventStream`, and may be awaited before `async for`."""

    def __init__(self, run: StreamedRun) -> None:
        self.run_id = run.run_id
        self._run = run
        self._execution = _Execution(run.execute)
        self._ended: anyio.Event | None = None
        self._reading: _Reading | None = None
        self._is_closed = False

    def __await__(self) -> Generator[Any, None, Self]:
        return self._itself().__await__()

    @property
    def output(self) -> WorkflowRunOutput | None:
        """What the run gave; None before its end, and of a run that failed."""
        return self._execution.output

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        if self._is_closed:
            raise StopAsyncIteration
        event = await self._next(*await self._begun())
        if event is None:
            await self._end()
            raise StopAsyncIteration
        return event

    async def aclose(self) -> None:
        """Stop reading; the run goes on."""
        self._is_closed = True
        if self._reading is not None:
            self._reading.close()

    async def _itself(self) -> Self:
        return self

    async def _begun(self) -> tuple[_Reading, anyio.Event]:
        if self._reading is None or self._ended is None:
            await self._run.create()
            log = await to_thread.run_sync(self._run.open_log)
            self._reading, self._ended = _Reading(log, self._run.kinds), anyio.Event()
            work = _telling(self._execution, self._ended)
            keep_running(work, self.run_id, self._run.end_left)
        return self._reading, self._ended

    async def _next(self, reading: _Reading, ended: anyio.Event) -> Event | None:
        while (event := reading.take()) is None:
            has_ended = ended.is_set()
            await to_thread.run_sync(reading.read)
            if event := reading.take():
                return event
            if reading.is_over or has_ended:
                return None
            with move_on_after(LOOK_SECONDS):
                await ended.wait()
        return event

    async def _end(self) -> None:
        if self._ended is not None:
            await self._ended.wait()
        await self.aclose()
        if self._execution.error is not None:
            raise self._execution.error


def _telling(
    execution: _Execution, ended: anyio.Event
) -> Callable[[], Coroutine[Any, Any, object]]:
    # Not the stream's own method: who keeps the run going shall not keep its reader.
    async def run() -> None:
        try:
            await execution.run()
        finally:
            ended.set()

    return run


def _ends_run(event: Event) -> bool:
    return event.kind in RUN_END_KINDS and event.nested_run_id is None
