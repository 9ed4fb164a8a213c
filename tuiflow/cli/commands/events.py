"""`tuiflow events RUN`: what happened, one line an event."""

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.event_printer import EventPrinter
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
    async for batch in batches:
        printer.print(batch)
    return 0
