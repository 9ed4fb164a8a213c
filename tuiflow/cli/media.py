"""Lists a run's media, and writes them into a folder."""

from collections.abc import Sequence
from pathlib import Path

from tuiflow.cli.printing import DIM, paint, print_json, print_line, tell
from tuiflow.model.ids import root_path
from tuiflow.model.run_state import RunState
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.model.words import medium_words
from tuiflow.service import RunRecord, SavedMedium, Service
from tuiflow.tui.safe_text import safe_line


def media_of_run(run: RunRecord, state: RunState) -> list[StoredMedium]:
    """List what a run was given and what its steps made, in order."""
    made = state.media_of(run.host_path or root_path(run.workflow_name))
    return list(dict.fromkeys((*run.media, *made)))


def print_media(media: Sequence[StoredMedium]) -> None:
    """Print a line for each."""
    if media:
        print_line()
    for medium in media:
        print_line(safe_line(medium_words(medium)))


async def save_media(
    service: Service, media: Sequence[StoredMedium], folder: Path, *, as_json: bool
) -> int:
    """Write them and say where each is; 1 where one could not be written."""
    failed = False
    try:
        async for saved in service.save_media(media, folder):
            failed = failed or (saved.path is None and saved.medium.url is None)
            _print_saved(saved, as_json=as_json)
    except OSError as error:
        tell(f"cannot write into {folder}: {error.strerror}")
        return 1
    if not media and not as_json:
        tell("this run has no media")
    return 1 if failed else 0


def _print_saved(saved: SavedMedium, *, as_json: bool) -> None:
    if as_json:
        path = None if saved.path is None else str(saved.path)
        facts = saved.medium.model_dump(mode="json")
        print_json({"path": path, "problem": saved.problem or None, "medium": facts})
    elif saved.path is None:
        tell(f"not saved: {medium_words(saved.medium)}: {saved.problem}")
    else:
        print_line(safe_line(str(saved.path)), paint(safe_line(medium_words(saved.medium)), DIM))
