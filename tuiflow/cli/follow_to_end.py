"""Follows a run to its end; Ctrl+C cancels it, twice kills."""

from collections.abc import Awaitable, Callable

import anyio

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.event_printer import EventPrinter
from tuiflow.cli.exit_codes import BY_STATUS
from tuiflow.cli.outcome import print_outcome
from tuiflow.cli.printing import print_json, tell
from tuiflow.cli.serving import Interrupts
from tuiflow.model.ids import RunId, short_id
from tuiflow.service import Service

SAME_KEY = 0.3
"""Seconds: what runs us, such as `timeout` or a task runner, may pass one Ctrl+C on twice."""


async def follow_to_end(
    service: Service,
    arguments: Arguments,
    interrupts: Interrupts,
    start: Callable[[], Awaitable[RunId]],
    after: int = 0,
) -> int:
    """Start a run and print its events until it is over, with `--detach` only its id.

    Gives the exit code. Events up to the seq `after` are of earlier episodes, and not printed.
    """
    # Before the start: a Ctrl+C from here on is about the run, and must reach it.
    stopper = RunStopper(service)
    interrupts.do = stopper.stop
    run_id = await start()
    stopper.begin(run_id)
    if arguments.detach:
        _print_id(run_id, as_json=arguments.json)
        return 0
    await _follow(service, run_id, after, as_json=arguments.json)
    interrupts.do = None
    run = await service.get_run(run_id)
    if not arguments.json:
        await print_outcome(service, run)
    return BY_STATUS[run.status.value]


def _print_id(run_id: RunId, *, as_json: bool) -> None:
    if as_json:
        print_json({"run_id": run_id})
    else:
        print(run_id)


async def _follow(service: Service, run_id: RunId, after: int, *, as_json: bool) -> None:
    printer = EventPrinter(as_json=as_json)
    try:
        async for batch in service.follow(run_id, after):
            printer.print(batch)
    except OSError as error:
        is_left = isinstance(error, BrokenPipeError)
        why = "nobody reads this any more" if is_left else "this can be written no more"
        tell(f"{why}; run {short_id(run_id)} goes on")
        raise


class RunStopper:
    """Asks a run to stop at the first Ctrl+C, and kills it at the second."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._run_id = RunId("")
        self._started = anyio.Event()
        self._asked_at: float | None = None

    def begin(self, run_id: RunId) -> None:
        """Name the run, once it has been started."""
        self._run_id = run_id
        self._started.set()

    async def stop(self) -> None:
        await self._started.wait()
        name = short_id(self._run_id)
        if self._asked_at is None:
            self._asked_at = anyio.current_time()
            tell(f"cancelling run {name}; Ctrl+C again kills it")
            await self._service.cancel(self._run_id, reason="asked with Ctrl+C")
        elif anyio.current_time() - self._asked_at > SAME_KEY:
            tell(f"killing run {name}")
            await self._service.kill(self._run_id)
