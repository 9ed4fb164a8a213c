"""Prints what stands around a run: what changed before it goes on, and how it ended."""

from tuiflow.cli.printing import DIM, paint, print_line, print_text, sign, tell
from tuiflow.cli.run_facts import WHOLE
from tuiflow.model.failure import Failure, Frame
from tuiflow.model.ids import RunId, short_id
from tuiflow.service import RunRecord, Service
from tuiflow.tui.format import duration
from tuiflow.tui.run_words import standing
from tuiflow.tui.safe_text import safe_line

_PASSED_THROUGH = {"tuiflow", "anyio"}


async def print_outcome(service: Service, run: RunRecord) -> None:
    """Print what a run gave, as it is now; a run that goes on has only its status."""
    if run.content is not None and (run.content.value is not None or run.content.size):
        content = await service.read_content(run.content, limit=WHOLE)
        print_line()
        print_text(content.text)
    if run.failure is not None:
        print_line()
        _print_failure(run.failure)
    print_line()
    took = duration((run.ended_at or service.now()) - run.started_at) if run.started_at else ""
    words = (sign(run.status), run.status.value, took, f"run {short_id(run.run_id)}")
    print_line(*words, safe_line(standing(run, service.now()) or run.reason))


async def tell_changes(service: Service, run_id: RunId, from_path: str | None = None) -> None:
    """Say beside the output what of a run's code has changed since what is reused of it."""
    for sentence in (await service.foresee(run_id, from_path)).warnings:
        tell(sentence)


def tell_if_broken(service: Service, name: str, file: str | None) -> None:
    """Say that the code of today cannot be had, and which is run instead."""
    for entry in service.catalog.entries:
        if entry.failure is not None and (entry.name, str(entry.file)) == (name, file):
            tell(
                f"{entry.file.name} cannot be imported ({entry.failure.summary}): "
                f"its last good revision {entry.report.revision[:4]} is run"
            )


def _print_failure(failure: Failure) -> None:
    print_text(f"{failure.type}: {failure.message}" if failure.message else failure.type)
    for frame in _authors_frames(failure):
        place = safe_line(f"  {frame.file}:{frame.line} in {frame.function}")
        print_line(place, paint(safe_line(frame.source), DIM))
    for note in failure.notes:
        print_text(note)
    if failure.cause is not None:
        print_line("caused by")
        _print_failure(failure.cause)
    for number, member in enumerate(failure.members, 1):
        print_line(f"{number} of {len(failure.members)}")
        _print_failure(member)


def _authors_frames(failure: Failure) -> list[Frame]:
    """Leave out the frames that led from tuiflow to the author's code."""
    theirs = [frame for frame in failure.frames if frame.library not in _PASSED_THROUGH]
    return theirs or list(failure.frames)
