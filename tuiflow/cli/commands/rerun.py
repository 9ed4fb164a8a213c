"""`tuiflow rerun RUN`: a new run that reuses what another did before a node."""

from functools import partial

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.follow_to_end import follow_to_end
from tuiflow.cli.outcome import tell_changes, tell_if_broken
from tuiflow.cli.reading import read_stdin
from tuiflow.cli.serving import Interrupts, serve
from tuiflow.model.ids import RunId
from tuiflow.service import SAME, Service
from tuiflow.service.typed_input import STDIN, read_input


def execute(arguments: Arguments) -> int:
    """Start the new run and print its events until it is over; with `--detach` only its id."""
    interrupts = Interrupts()
    # Before the loop, as `run` does.
    piped = read_stdin() if arguments.input == STDIN else ""
    return serve(partial(_rerun, interrupts=interrupts, piped=piped), arguments, interrupts)


async def _rerun(
    service: Service, arguments: Arguments, *, interrupts: Interrupts, piped: str
) -> int:
    run_id = await service.find_run(arguments.run)
    run = await service.get_run(run_id)
    await service.refresh()
    tell_if_broken(service, run.workflow_name, run.file)
    given = SAME if arguments.input is None else read_input((), arguments.input, None, piped=piped)

    async def start() -> RunId:
        if arguments.from_path is not None:
            await tell_changes(service, run_id, arguments.from_path)
        return await service.rerun(run_id, from_path=arguments.from_path, input=given)

    return await follow_to_end(service, arguments, interrupts, start)
