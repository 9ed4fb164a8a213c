"""`tuiflow runs`: the latest runs, newest first."""

from collections.abc import Sequence

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.printing import BOLD, COLOURS, Cell, print_json, print_line, print_table
from tuiflow.cli.run_facts import run_facts
from tuiflow.cli.serving import serve
from tuiflow.model.ids import short_id
from tuiflow.service import RunRecord, Service
from tuiflow.tui.format import ago, duration
from tuiflow.tui.run_words import standing
from tuiflow.tui.safe_text import safe_line


def execute(arguments: Arguments) -> int:
    """Print one run a line."""
    return serve(_runs, arguments)


async def _runs(service: Service, arguments: Arguments) -> int:
    runs = await service.list_runs(workflow_name=arguments.workflow, limit=arguments.limit)
    if arguments.json:
        for run in runs:
            print_json(run_facts(run))
        return 0
    tails = _unique_tails([run.run_id for run in runs])
    rows = [_row(run, tails[run.run_id], service.now()) for run in runs]
    print_table(rows)
    if not runs:
        print_line("no runs yet: `tuiflow run NAME` starts one")
    return 0


def _row(run: RunRecord, tail: str, now: int) -> Sequence[Cell]:
    ended = run.ended_at or now
    why = run.failure.summary if run.failure else standing(run, now) or run.reason
    return (
        Cell(tail, BOLD),
        Cell(safe_line(run.workflow_name, 40)),
        Cell(run.status.value, COLOURS[run.status]),
        Cell(ago(run.created_at, now)),
        Cell(duration(ended - run.started_at) if run.started_at else ""),
        Cell(safe_line(why, 80)),
    )


def _unique_tails(run_ids: list[str]) -> dict[str, str]:
    """Give each run the shortest tail no other one listed has."""
    tails: dict[str, str] = {}
    for run_id in run_ids:
        length = len(short_id(run_id))
        while sum(other.endswith(run_id[-length:]) for other in run_ids) > 1:
            length += 1
        tails[run_id] = run_id[-length:]
    return tails
