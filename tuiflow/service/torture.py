"""Runs a workflow again and again, kills its workers at random instants, and checks the promise."""

import secrets
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from anyio import CancelScope, create_task_group, move_on_after, sleep, to_thread
from pydantic import JsonValue

from tuiflow.errors import InputError
from tuiflow.model.events import StepReusedEvent
from tuiflow.model.ids import RunId
from tuiflow.model.promise import broken_promises
from tuiflow.model.status import Status
from tuiflow.service.starting import Starter
from tuiflow.store import RunRecord, Store, bury_if_gone, is_alive
from tuiflow.supervisor.processes import kill
from tuiflow.supervisor.stopping import kill_run

_LOOK_SECONDS = 0.01
_LEAST_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Torture:
    """What is to be done, and by which chance."""

    key: str
    input: JsonValue = None
    kills: int = 100
    at_once: int = 2
    seed: int = field(default_factory=lambda: secrets.randbelow(1_000_000))


@dataclass(slots=True)
class TortureReport:
    """What was done, and all that was not as promised."""

    seed: int
    is_whole: bool = False
    """It came to its end: it was not interrupted."""
    kills: int = 0
    runs: int = 0
    started: int = 0
    """Steps that were called."""
    reused: int = 0
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list[str])


class Torturer:
    """Does one torture; `tell` is called after each run that has added to the report."""

    def __init__(
        self,
        store: Store,
        starter: Starter,
        torture: Torture,
        report: TortureReport,
        tell: Callable[[], None],
    ) -> None:
        self._store = store
        self._starter = starter
        self._torture = torture
        self._tell = tell
        self._left = torture.kills
        self._usual = 0.0
        self._report = report

    async def run(self) -> None:
        """Kill as often as asked, or until something is wrong; a cancel leaves no run behind.

        Raises InputError for a workflow that does not complete when it is left alone.
        """
        began = time.monotonic()
        try:
            await self._run_unharmed()
            async with create_task_group() as group:
                for lane in range(self._torture.at_once):
                    group.start_soon(self._run_lane, Random(f"{self._torture.seed}/{lane}"))
            self._report.is_whole = True
        finally:
            self._report.seconds = time.monotonic() - began

    async def _run_unharmed(self) -> None:
        async with self._started() as run_id:
            await self._until(lambda: self._is_over(run_id))
        run = await self._store.get_run(run_id)
        if run.status is not Status.COMPLETED or run.ended_at is None:
            why = run.failure.summary if run.failure else run.reason
            raise InputError(
                f"{self._torture.key} cannot be tortured: left alone it does not complete, "
                f"it ended as {run.status}: {why}"
            )
        took = (run.ended_at - (run.started_at or run.ended_at)) / 1_000_000
        self._usual = max(took, _LEAST_SECONDS)

    async def _run_lane(self, chance: Random) -> None:
        while self._left > 0 and not self._report.findings:
            async with self._started() as run_id:
                while self._left > 0 and await self._kill_later(run_id, chance):
                    await self._starter.resume(run_id)
                await self._until(lambda: self._is_over(run_id))
            self._report.runs += 1
            await self._check(run_id)
            self._tell()

    @asynccontextmanager
    async def _started(self) -> AsyncGenerator[RunId]:
        run_id = await self._starter.start(self._torture.key, self._torture.input, None)
        try:
            yield run_id
        finally:
            # One that is interrupted has nobody any more who would look after it.
            with CancelScope(shield=True):
                await kill_run(self._store, await self._store.get_run(run_id))

    async def _kill_later(self, run_id: RunId, chance: Random) -> bool:
        """Kill the run's worker in a while; False where it was over before that."""
        self._left -= 1
        # A run that goes on has less to do: earlier instants are the likelier ones.
        seconds = chance.random() ** 2 * self._usual
        with move_on_after(seconds):
            await self._until(lambda: self._is_over(run_id))
        run = await self._store.get_run(run_id)
        if not run.status.is_final and await self._kill(run):
            self._report.kills += 1
            return True
        self._left += 1
        return False

    async def _kill(self, run: RunRecord) -> bool:
        worker = run.worker
        if worker is None:
            return False
        await to_thread.run_sync(kill, worker)
        await self._until(lambda: _is_gone(run))
        await bury_if_gone(self._store, run)
        return (await self._store.get_run(run.run_id)).status is Status.CRASHED

    async def _is_over(self, run_id: RunId) -> bool:
        return (await self._store.get_run(run_id)).status.is_final

    async def _until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        while not await holds():  # noqa: ASYNC110 - another process does it
            await sleep(_LOOK_SECONDS)

    async def _check(self, run_id: RunId) -> None:
        found = [finding.sentence async for finding in self._store.verify(run_id)]
        run = await self._store.get_run(run_id)
        if run.status is not Status.COMPLETED:
            why = run.failure.summary if run.failure else run.reason
            found.append(f"run {run_id}: it is {run.status}: {why}")
        events = [event async for page in self._store.tree_pages(run_id) for event in page]
        found.extend(f"run {run_id}: {problem}" for problem in broken_promises(events))
        self._report.findings += found
        self._report.reused += sum(isinstance(event, StepReusedEvent) for event in events)
        self._report.started += sum(event.kind == "StepStarted" for event in events)


async def _is_gone(run: RunRecord) -> bool:
    return run.worker is None or await to_thread.run_sync(is_alive, run.worker) == "gone"
