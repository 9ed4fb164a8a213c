"""`tuiflow torture FILE[:NAME]`: kill a workflow's workers, and check what it was promised."""

import os
import tempfile
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from anyio import CancelScope

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.exit_codes import ExitCode
from tuiflow.cli.printing import print_json, print_text, tell
from tuiflow.cli.reading import read_stdin
from tuiflow.cli.serving import Interrupts, serve
from tuiflow.errors import InputError
from tuiflow.service import Service, Torture, TortureReport
from tuiflow.service.typed_input import STDIN, read_input

_DATABASE = "torture.db"


def execute(arguments: Arguments) -> int:
    """Torture, and print the report; 1 with the seed where anything was not as promised.

    Ctrl+C ends it, and what was done by then is reported.
    """
    file, _, name = arguments.name.partition(":")
    if os.path.exists(file):
        arguments = replace(arguments, target=Path(file), name=name)
    piped = read_stdin() if arguments.input == STDIN else ""
    interrupts = Interrupts()
    torture = partial(_torture, interrupts=interrupts, piped=piped)
    if arguments.db is not None:
        return serve(torture, arguments, interrupts)
    # The runs of a torture are of no use beside a person's own, unless something is wrong.
    folder = Path(tempfile.mkdtemp(prefix="tuiflow-"))
    code = serve(torture, replace(arguments, db=str(folder / _DATABASE)), interrupts)
    if code in {ExitCode.COMPLETED, ExitCode.CANCELLED}:
        _delete(folder)
    else:
        tell(f"its runs are kept in {folder / _DATABASE}")
    return code


async def _torture(
    service: Service, arguments: Arguments, *, interrupts: Interrupts, piped: str
) -> int:
    await service.refresh()
    key = arguments.name or _only_workflow(service)
    entry = service.find_workflow(key)
    schema = entry.outline.input_schema
    given = read_input((), arguments.input, schema, piped=piped)
    asked = Torture(entry.key, given, arguments.kills, arguments.at_once)
    if arguments.seed is not None:
        asked = replace(asked, seed=arguments.seed)
    report = TortureReport(asked.seed)
    with CancelScope() as scope:

        async def stop() -> None:
            scope.cancel()

        interrupts.do = stop
        await service.torture(asked, report, partial(_tell, report, of=asked.kills))
    if arguments.json:
        print_json(asdict(report))
    else:
        _print(report)
    if report.findings:
        return ExitCode.ERROR
    return ExitCode.COMPLETED if report.is_whole else ExitCode.CANCELLED


def _only_workflow(service: Service) -> str:
    keys = [entry.key for entry in service.catalog.entries]
    if len(keys) != 1:
        raise InputError(f"say which one, as FILE:NAME: there are {', '.join(keys) or 'none'}")
    return keys[0]


def _tell(report: TortureReport, *, of: int) -> None:
    runs = "1 run" if report.runs == 1 else f"{report.runs} runs"
    tell(f"{report.kills} of {of} kills, {runs}")


def _print(report: TortureReport) -> None:
    for finding in report.findings:
        print_text(finding)
    print_text(
        f"{_verdict(report)}: {report.kills} kills in {report.runs} runs, "
        f"{report.started} steps called, {report.reused} reused, "
        f"{report.seconds:.0f} s, seed {report.seed}"
    )


def _verdict(report: TortureReport) -> str:
    if count := len(report.findings):
        return "1 thing is wrong" if count == 1 else f"{count} things are wrong"
    return "nothing is wrong" if report.is_whole else "interrupted, and nothing was wrong so far"


def _delete(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
