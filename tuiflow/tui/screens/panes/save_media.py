"""Writes what a pane shows of images, audio, video and files to a folder beside the database."""

from collections.abc import Sequence
from pathlib import Path

from tuiflow.errors import TuiflowError
from tuiflow.model.ids import RunId, short_id
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.panes.about import short_path

FOLDER = "media"


async def save(page: Page, run_id: RunId | None, media: Sequence[StoredMedium]) -> None:
    """Write media and say where; no file is ever replaced."""
    if run_id is None or not media:
        page.say("no image, audio, video or file here; o and i show a step's")
        return
    folder = page.service.database.parent / FOLDER / short_id(run_id)
    saved: list[Path] = []
    problems: list[str] = []
    try:
        async for one in page.service.save_media(media, folder):
            if one.path is not None:
                saved.append(one.path)
            else:
                problems.append(f"{one.medium.title}: {one.problem}")
    except (TuiflowError, OSError) as error:
        problems.append(str(error))
    page.say(_told(page, saved, problems), "error" if problems else "done")


def _told(page: Page, saved: Sequence[Path], problems: Sequence[str]) -> str:
    rest = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
    said = [f"not saved: {problems[0]}{rest}"] if problems else []
    if saved:
        place = saved[0] if len(saved) == 1 else saved[0].parent
        count = "" if len(saved) == 1 else f"{len(saved)} files in "
        said.insert(0, f"saved {count}{short_path(place, page.service.project)}")
    return "; ".join(said)
