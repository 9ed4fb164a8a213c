"""`tuiflow verify [RUN]`: check what is kept, and say what is wrong and where."""

from dataclasses import asdict

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.exit_codes import ExitCode
from tuiflow.cli.printing import print_json, print_text, tell
from tuiflow.cli.serving import serve
from tuiflow.model.ids import short_id
from tuiflow.service import Service


def execute(arguments: Arguments) -> int:
    """Print one finding a line; 1 where there is any."""
    return serve(_verify, arguments)


async def _verify(service: Service, arguments: Arguments) -> int:
    run_id = await service.find_run(arguments.run) if arguments.run else None
    count = 0
    async for finding in service.verify(run_id):
        count += 1
        if arguments.json:
            print_json(asdict(finding) | {"sentence": finding.sentence})
        else:
            print_text(finding.sentence)
    if not count:
        runs = sum((await service.count_runs()).values())
        of_what = f"run {short_id(run_id)}" if run_id else f"{runs} run{'s' * (runs != 1)}"
        tell(f"{of_what} checked: nothing is wrong")
    return ExitCode.ERROR if count else ExitCode.COMPLETED
