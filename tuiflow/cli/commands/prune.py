"""`tuiflow prune [RUN]`: delete runs that are not kept any longer, or one."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.exit_codes import ExitCode
from tuiflow.cli.printing import BOLD, COLOURS, Cell, print_json, print_table, tell
from tuiflow.cli.serving import serve
from tuiflow.errors import RunGoesOnError
from tuiflow.model.ids import RunId, short_id
from tuiflow.service import OldRun, Retention, Service
from tuiflow.tui.format import ago
from tuiflow.tui.keeping_words import gone, megabytes, would_go
from tuiflow.tui.safe_text import safe_line


def execute(arguments: Arguments) -> int:
    """Print what was deleted, one run a line, and how much room that gave."""
    return serve(_prune, arguments)


async def _prune(service: Service, arguments: Arguments) -> int:
    before = await service.database_size()
    if arguments.run:
        return await _delete(service, arguments, await service.find_run(arguments.run), before)
    runs = await service.list_old_runs(_retention(service, arguments))
    if not arguments.dry_run:
        runs = await service.prune(runs)
    _print(runs, arguments, service.now())
    if arguments.dry_run:
        tell(would_go(runs))
    else:
        tell(gone(runs, before - await service.database_size()))
    return ExitCode.COMPLETED


async def _delete(service: Service, arguments: Arguments, run_id: RunId, before: int) -> int:
    run = await service.get_run(run_id)
    if not run.status.is_final:
        raise RunGoesOnError(run_id, run.status)
    if not arguments.dry_run:
        await service.delete_run(run_id)
    if arguments.json:
        print_json({"run_id": run_id, "is_deleted": not arguments.dry_run})
    elif arguments.dry_run:
        tell(f"run {short_id(run_id)} would be deleted")
    else:
        given_back = before - await service.database_size()
        tell(f"run {short_id(run_id)} deleted, {megabytes(given_back)} given back")
    return ExitCode.COMPLETED


def _retention(service: Service, arguments: Arguments) -> Retention:
    asked = service.retention
    if arguments.older_than is not None:
        asked = replace(asked, days=arguments.older_than, gigabytes=inf)
    return asked if arguments.keep is None else replace(asked, runs=arguments.keep)


def _print(runs: Sequence[OldRun], arguments: Arguments, now: int) -> None:
    if arguments.json:
        for run in runs:
            print_json(vars(run) | {"is_deleted": not arguments.dry_run})
        return
    print_table(
        (
            Cell(short_id(run.run_id), BOLD),
            Cell(safe_line(run.workflow_name, 40)),
            Cell(run.status.value, COLOURS[run.status]),
            Cell(ago(run.ended_at, now)),
            Cell(megabytes(run.size)),
        )
        for run in runs
    )
