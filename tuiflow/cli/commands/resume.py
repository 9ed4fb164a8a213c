"""`tuiflow resume RUN`: let a run that ended badly go on, and follow it."""

from functools import partial

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.follow_to_end import follow_to_end
from tuiflow.cli.outcome import tell_changes, tell_if_broken
from tuiflow.cli.serving import Interrupts, serve
from tuiflow.errors import NotResumableError
from tuiflow.model.ids import RunId
from tuiflow.model.status import Status
from tuiflow.service import Service


def execute(arguments: Arguments) -> int:
    """Resume and print what happens from then on; with `--detach` only the id."""
    interrupts = Interrupts()
    return serve(partial(_resume, interrupts=interrupts), arguments, interrupts)


async def _resume(service: Service, arguments: Arguments, *, interrupts: Interrupts) -> int:
    run = await service.get_run(await service.find_run(arguments.run))
    if run.status is Status.COMPLETED:
        raise NotResumableError(run.run_id, run.status)
    await service.refresh()
    tell_if_broken(service, run.workflow_name, run.file)

    async def start() -> RunId:
        await tell_changes(service, run.run_id)
        await service.resume(run.run_id)
        return run.run_id

    return await follow_to_end(service, arguments, interrupts, start, after=run.last_seq)
