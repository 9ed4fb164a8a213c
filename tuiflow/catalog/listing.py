"""Puts what is known of each file together into the list a person sees."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tuiflow.catalog.state import BrokenFile, WorkflowEntry
from tuiflow.catalog.watched_file import WatchedFile
from tuiflow.errors import WorkflowAmbiguousError, WorkflowNotFoundError
from tuiflow.model.failure import Failure
from tuiflow.model.outline import FileReport, WorkflowOutline


def list_entries(files: Iterable[WatchedFile], folder: Path) -> tuple[WorkflowEntry, ...]:
    """List the workflows, by file and in definition order; of doubles in one file the first."""
    offers = [
        (watched, outline)
        for watched in sorted(files, key=lambda watched: watched.file)
        if watched.good
        for outline in first_of_each_name(watched.good)
    ]
    files_of = Counter(outline.name for _, outline in offers)
    return tuple(
        _entry(watched, outline, folder, is_shared=files_of[outline.name] > 1)
        for watched, outline in offers
    )


def list_broken(files: Iterable[WatchedFile]) -> tuple[BrokenFile, ...]:
    """List the files that have nothing to offer until they are mended."""
    found = sorted(files, key=lambda watched: watched.file)
    return tuple(
        BrokenFile(watched.file, watched.failure)
        for watched in found
        if watched.failure and not (watched.good and watched.good.workflows)
    )


def find_entry(
    key: str, entries: tuple[WorkflowEntry, ...], broken: tuple[BrokenFile, ...], folder: Path
) -> WorkflowEntry:
    """Find by key, else by a name that only one file has."""
    for entry in entries:
        if entry.key == key:
            return entry
    named = [entry for entry in entries if entry.name == key]
    if len(named) > 1:
        raise WorkflowAmbiguousError(key, [entry.key for entry in named])
    if named:
        return named[0]
    hints = [describe_failure(file.file, file.failure, folder) for file in broken]
    if len(broken) > 1:
        hints = [f"{_place(one.file, one.failure, folder)} {one.failure.type}" for one in broken]
    raise WorkflowNotFoundError(key, [entry.key for entry in entries], hints)


def has_entry(key: str, entries: tuple[WorkflowEntry, ...]) -> bool:
    """Say whether `find_entry` would find one, or several."""
    return any(key in {entry.key, entry.name} for entry in entries)


def likely_files(key: str, files: Iterable[WatchedFile]) -> list[WatchedFile]:
    """Guess without an import which files have it: they had it before, or their text names it."""
    name = key.partition(".py:")[2] or key
    return [watched for watched in files if _seems_to_have(watched, name)]


def first_of_each_name(report: FileReport) -> Iterator[WorkflowOutline]:
    """Leave out a second workflow of the same name in the same file."""
    seen: set[str] = set()
    for outline in report.workflows:
        if outline.name not in seen:
            seen.add(outline.name)
            yield outline


def describe_offer(report: FileReport, folder: Path) -> str:
    """Say what a file offers: `etl/daily.py (3 workflows)`."""
    count = len(list(first_of_each_name(report)))
    what = "1 workflow" if count == 1 else f"{count or 'no'} workflows"
    return f"{relative_name(Path(report.file), folder)} ({what})"


def describe_doubles(report: FileReport, folder: Path) -> str:
    """Say which names a file defines twice; empty when there are none."""
    lines: dict[str, list[str]] = {}
    for outline in report.workflows:
        lines.setdefault(outline.name, []).append(str(outline.line))
    for name, where in lines.items():
        if len(where) > 1:
            file = relative_name(Path(report.file), folder)
            known = "" if "0" in where else f" (lines {', '.join(where)})"
            return f"{file} defines {name!r} {len(where)} times{known}: the first is offered"
    return ""


def describe_failure(file: Path, failure: Failure, folder: Path) -> str:
    """Say where a file is broken, in its own last line of the traceback: `daily.py:12 KeyError`."""
    return f"{_place(file, failure, folder)} {failure.summary}"


def relative_name(file: Path, folder: Path) -> str:
    """Name a file as seen from the folder."""
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)


def _seems_to_have(watched: WatchedFile, name: str) -> bool:
    if watched.good and any(outline.name == name for outline in watched.good.workflows):
        return True
    try:
        raw = watched.file.read_bytes()
        return any(f"{quote}{name}{quote}".encode() in raw for quote in "\"'")
    except (OSError, UnicodeEncodeError):
        return False


def _place(file: Path, failure: Failure, folder: Path) -> str:
    lines = [frame.line for frame in failure.frames if Path(frame.file) == file]
    return relative_name(file, folder) + (f":{lines[-1]}" if lines else "")


def _entry(
    watched: WatchedFile, outline: WorkflowOutline, folder: Path, *, is_shared: bool
) -> WorkflowEntry:
    assert watched.good is not None
    name = outline.name
    return WorkflowEntry(
        key=f"{relative_name(watched.file, folder)}:{name}" if is_shared else name,
        name=name,
        file=watched.file,
        outline=outline,
        report=watched.good,
        failure=watched.failure,
        is_probing=watched.is_probed_anew,
    )
