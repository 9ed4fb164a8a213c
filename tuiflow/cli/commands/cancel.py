"""`tuiflow cancel RUN`: ask a run, or all, to stop or end at once; wait until that is over."""

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.exit_codes import ExitCode
from tuiflow.cli.printing import print_json, print_line, sign, tell
from tuiflow.cli.serving import serve
from tuiflow.errors import TuiflowError
from tuiflow.model.ids import RunId, short_id
from tuiflow.service import CancelAnswer, Service

_PAGE = 500  # runs


def execute(arguments: Arguments) -> int:
    """Print how the run ended; a run that was over already is an error."""
    return serve(_cancel, arguments)


async def _cancel(service: Service, arguments: Arguments) -> int:
    end = _kill if arguments.kill else _ask
    if not arguments.all:
        run_id = await service.find_run(arguments.run)
        is_ending = await end(service, run_id)
        await _tell_end(service, arguments, run_id, is_ending=is_ending)
        return ExitCode.COMPLETED if is_ending else ExitCode.ERROR
    # All are asked before the first is waited for: their graces run at the same time.
    asked: dict[RunId, bool] = {}
    refused = 0
    for run_id in await _list_going_on(service):
        try:
            asked[run_id] = await end(service, run_id)
        except TuiflowError as error:
            # What holds for one of them must not let the others go on.
            refused += 1
            tell(str(error))
    for run_id, is_ending in asked.items():
        await _tell_end(service, arguments, run_id, is_ending=is_ending)
    if not asked and not refused:
        tell("no run is going on")
    return ExitCode.ERROR if refused else ExitCode.COMPLETED


async def _list_going_on(service: Service) -> list[RunId]:
    found: list[RunId] = []
    before: RunId | None = None
    while page := await service.list_runs(limit=_PAGE, before=before):
        found += [run.run_id for run in page if not run.status.is_final]
        before = page[-1].run_id
    return found


async def _tell_end(
    service: Service, arguments: Arguments, run_id: RunId, *, is_ending: bool
) -> None:
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


async def _ask(service: Service, run_id: RunId) -> bool:
    answer = await service.cancel(run_id, reason="asked with `tuiflow cancel`")
    return answer is not CancelAnswer.ALREADY_OVER


async def _kill(service: Service, run_id: RunId) -> bool:
    return await service.kill(run_id)
