"""`tuiflow cancel RUN`: ask a run, or all, to stop or end at once; wait until that is over."""

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.exit_codes import ExitCode
from tuiflow.cli.printing import print_json, print_line, sign, tell
from tuiflow.cli.serving import serve
from tuiflow.model.ids import RunId, short_id
from tuiflow.service import CancelAnswer, Service

_PAGE = 500  # runs


def execute(arguments: Arguments) -> int:
    """Print how the run ended; a run that was over already is an error."""
    return serve(_cancel, arguments)


async def _cancel(service: Service, arguments: Arguments) -> int:
    if not arguments.all:
        return await _cancel_one(service, arguments, await service.find_run(arguments.run))
    going_on = await _list_going_on(service)
    if not going_on:
        tell("no run is going on")
        return ExitCode.COMPLETED
    if not arguments.kill:
        # All are asked before the first is waited for: their graces run at the same time.
        for run_id in going_on:
            await _ask(service, run_id)
    codes = [await _cancel_one(service, arguments, run_id) for run_id in going_on]
    return max(codes)


async def _list_going_on(service: Service) -> list[RunId]:
    found: list[RunId] = []
    before: RunId | None = None
    while page := await service.list_runs(limit=_PAGE, before=before):
        found += [run.run_id for run in page if not run.status.is_final]
        before = page[-1].run_id
    return found


async def _cancel_one(service: Service, arguments: Arguments, run_id: RunId) -> int:
    is_ending = await (_kill if arguments.kill else _ask)(service, run_id)
    if is_ending:
        run = await service.get_run(run_id)
        async for _ in service.follow(run_id, run.last_seq):
            pass  # its last event is on its way
    run = await service.get_run(run_id)
    if arguments.json:
        print_json({"run_id": run_id, "status": run.status.value, "was_over": not is_ending})
    elif is_ending:
        print_line(f"{sign(run.status)} run {short_id(run_id)} {run.status.value}")
    else:
        tell(f"run {short_id(run_id)} was over already: {run.status.value}")
    return ExitCode.COMPLETED if is_ending else ExitCode.ERROR


async def _ask(service: Service, run_id: RunId) -> bool:
    answer = await service.cancel(run_id, reason="asked with `tuiflow cancel`")
    return answer is not CancelAnswer.ALREADY_OVER


async def _kill(service: Service, run_id: RunId) -> bool:
    return await service.kill(run_id)
