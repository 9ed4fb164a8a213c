"""`tuiflow list`: the workflows of the folder, and the files that cannot be imported."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.printing import BOLD, RED, Cell, paint, print_json, print_line, print_table
from tuiflow.cli.serving import serve
from tuiflow.model.failure import Failure
from tuiflow.service import BrokenFile, Service, WorkflowEntry
from tuiflow.tui.safe_text import safe_line


def execute(arguments: Arguments) -> int:
    """Print one workflow a line."""
    return serve(_list, arguments)


async def _list(service: Service, arguments: Arguments) -> int:
    await service.refresh()
    catalog = service.catalog
    if arguments.json:
        for entry in catalog.entries:
            print_json(_entry_facts(entry))
        for broken in catalog.broken:
            print_json({"key": None, "file": str(broken.file), **_failure_facts(broken.failure)})
        return 0
    print_table(_row(service, entry) for entry in catalog.entries)
    for broken in catalog.broken:
        print_line(_broken_line(service, broken))
    if not catalog.entries and not catalog.broken:
        print_line(f"no workflows in {safe_line(str(service.folder))}")
    return 0


def _row(service: Service, entry: WorkflowEntry) -> Sequence[Cell]:
    failed = entry.failure
    return (
        Cell(safe_line(entry.key), BOLD),
        Cell(_place(service, entry.file, entry.outline.line)),
        Cell(
            safe_line(failed.summary if failed else entry.outline.description, 80),
            RED * bool(failed),
        ),
    )


def _entry_facts(entry: WorkflowEntry) -> dict[str, JsonValue]:
    return {
        "key": entry.key,
        "name": entry.name,
        "file": str(entry.file),
        "line": entry.outline.line,
        "description": entry.outline.description,
        "input_schema": entry.outline.input_schema,
        **_failure_facts(entry.failure),
    }


def _failure_facts(failure: Failure | None) -> dict[str, JsonValue]:
    """Say why the file cannot be imported as it is; null where it can."""
    return {"failure": failure.model_dump(mode="json") if failure else None}


def _broken_line(service: Service, broken: BrokenFile) -> str:
    frame = broken.failure.frame_in(broken.file.parent)
    where = _place(service, Path(frame.file) if frame else broken.file, frame.line if frame else 0)
    return f"{paint('!', RED)} {where}  {safe_line(broken.failure.summary)}"


def _place(service: Service, file: Path, line: int) -> str:
    shown = file.relative_to(service.project) if file.is_relative_to(service.project) else file
    return safe_line(f"{shown}:{line}" if line else str(shown))
