"""`tuiflow events RUN`: what happened, one line an event."""

import signal

import anyio

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.event_printer import EventPrinter
from tuiflow.cli.exit_codes import ExitCode
from tuiflow.cli.reading import read_events
from tuiflow.cli.serving import serve
from tuiflow.service import Service


def execute(arguments: Arguments) -> int:
    """Print a run's events; with `--follow` until the run is over."""
    return serve(_events, arguments)


async def _events(service: Service, arguments: Arguments) -> int:
    run_id = await service.find_run(arguments.run)
    printer = EventPrinter(as_json=arguments.json)
    batches = service.follow(run_id) if arguments.follow else read_events(service, run_id)
    code = ExitCode.CANCELLED
    async with anyio.create_task_group() as group:
        group.start_soon(_stop_on_ctrl_c, group.cancel_scope)
        async for batch in batches:
            printer.print(batch)
        code = ExitCode.COMPLETED
        group.cancel_scope.cancel()
    return code


async def _stop_on_ctrl_c(scope: anyio.CancelScope) -> None:
    # A scope's cancellation is delivered until it is heard; a task's own can be lost.
    with anyio.open_signal_receiver(signal.SIGINT) as signals:
        async for _ in signals:
            scope.cancel()
