"""`tuiflow verify [RUN]`: check what is kept, and say what is wrong and where."""

from dataclasses import asdict

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.exit_codes import ExitCode
from tuiflow.cli.printing import print_json, print_text, tell
from tuiflow.cli.serving import serve
from tuiflow.service import Service
from tuiflow.tui.keeping_words import nothing_wrong


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
        tell(await nothing_wrong(service, run_id))
    return ExitCode.ERROR if count else ExitCode.COMPLETED
