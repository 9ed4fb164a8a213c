"""`tuiflow run NAME`: start a workflow in a worker and follow it; Ctrl+C cancels, twice kills."""

from collections.abc import AsyncIterable
from signal import SIGINT, SIGTERM, Signals

import anyio

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.event_printer import EventPrinter
from tuiflow.cli.exit_codes import BY_STATUS
from tuiflow.cli.inputs import read_data, read_input
from tuiflow.cli.outcome import print_outcome
from tuiflow.cli.printing import print_json, tell
from tuiflow.cli.serving import serve
from tuiflow.errors import WorkflowNotFoundError
from tuiflow.model.ids import RunId, short_id
from tuiflow.model.media import MEDIA_FIELDS
from tuiflow.service import Service, WorkflowEntry, typed_media

SAME_KEY = 0.3
"""Seconds: what runs us, such as `timeout` or a task runner, may pass one Ctrl+C on twice."""


def execute(arguments: Arguments) -> int:
    """Start a run and print its events until it is over; with `--detach` only its id."""
    return serve(_run, arguments)


async def _run(service: Service, arguments: Arguments) -> int:
    await service.refresh()
    entry = _find(service, arguments.name)
    given = read_input(arguments.words, arguments.input, entry.outline.input_schema)
    data = read_data(arguments.data)
    media = typed_media({name: getattr(arguments, name) for name in MEDIA_FIELDS})
    # Opened before the start: a Ctrl+C from here on is about the run, and must reach it.
    with anyio.open_signal_receiver(SIGINT, SIGTERM) as signals:
        run_id = await service.start(entry.key, input=given, additional_data=data, media=media)
        if arguments.detach:
            _print_id(run_id, as_json=arguments.json)
            return 0
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_obey, service, run_id, signals)
            await _follow(service, run_id, as_json=arguments.json)
            tasks.cancel_scope.cancel()
    run = await service.get_run(run_id)
    if not arguments.json:
        await print_outcome(service, run)
    return BY_STATUS[run.status.value]


def _find(service: Service, name: str) -> WorkflowEntry:
    try:
        return service.find_workflow(name)
    except WorkflowNotFoundError:
        for broken in service.catalog.broken:
            tell(f"{broken.file.name} cannot be imported: {broken.failure.summary}")
        raise


def _print_id(run_id: RunId, *, as_json: bool) -> None:
    if as_json:
        print_json({"run_id": run_id})
    else:
        print(run_id)


async def _follow(service: Service, run_id: RunId, *, as_json: bool) -> None:
    printer = EventPrinter(as_json=as_json)
    try:
        async for batch in service.follow(run_id):
            printer.print(batch)
    except BrokenPipeError:
        tell(f"nobody reads this any more; run {short_id(run_id)} goes on")
        raise


async def _obey(service: Service, run_id: RunId, signals: AsyncIterable[Signals]) -> None:
    asked_at: float | None = None
    async for _ in signals:
        if asked_at is None:
            asked_at = anyio.current_time()
            tell(f"cancelling run {short_id(run_id)}; Ctrl+C again kills it")
            await service.cancel(run_id, reason="asked with Ctrl+C")
        elif anyio.current_time() - asked_at > SAME_KEY:
            tell(f"killing run {short_id(run_id)}")
            await service.kill(run_id)
