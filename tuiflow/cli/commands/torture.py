"""`tuiflow torture FILE[:NAME]`: kill a workflow's workers, and check what it was promised."""

import tempfile
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.exit_codes import ExitCode
from tuiflow.cli.printing import print_json, print_text, tell
from tuiflow.cli.reading import read_stdin
from tuiflow.cli.serving import serve
from tuiflow.errors import InputError
from tuiflow.service import Service, Torture, TortureReport
from tuiflow.service.typed_input import STDIN, read_input

_DATABASE = "torture.db"


def execute(arguments: Arguments) -> int:
    """Torture, and print the report; 1 with the seed where anything was not as promised."""
    file, _, name = arguments.name.partition(":")
    if Path(file).exists():
        arguments = replace(arguments, target=Path(file), name=name)
    piped = read_stdin() if arguments.input == STDIN else ""
    torture = partial(_torture, piped=piped)
    if arguments.db is not None:
        return serve(torture, arguments)
    # The runs of a torture are of no use beside a person's own, unless something is wrong.
    folder = Path(tempfile.mkdtemp(prefix="tuiflow-"))
    code = serve(torture, replace(arguments, db=str(folder / _DATABASE)))
    if code == ExitCode.COMPLETED:
        _delete(folder)
    else:
        tell(f"its runs are kept in {folder / _DATABASE}")
    return code


async def _torture(service: Service, arguments: Arguments, *, piped: str) -> int:
    await service.refresh()
    key = arguments.name or _only_workflow(service)
    entry = service.find_workflow(key)
    schema = entry.outline.input_schema
    given = read_input((), arguments.input, schema, piped=piped)
    asked = Torture(entry.key, given, arguments.kills, arguments.at_once)
    if arguments.seed is not None:
        asked = replace(asked, seed=arguments.seed)
    report = await service.torture(asked, partial(_tell, of=asked.kills))
    if arguments.json:
        print_json(asdict(report))
    else:
        _print(report)
    return ExitCode.ERROR if report.findings else ExitCode.COMPLETED


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
    verdict = f"{len(report.findings)} things are wrong" if report.findings else "nothing is wrong"
    print_text(
        f"{verdict}: {report.kills} kills in {report.runs} runs, {report.started} steps called, "
        f"{report.reused} reused, {report.seconds:.0f} s, seed {report.seed}"
    )


def _delete(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
