"""Completes a path by the names in its folder; a folder that does not answer holds up nothing."""

import os
from pathlib import Path

from anyio import move_on_after, to_thread
from textual.suggester import Suggester

from tuiflow.tui.safe_text import safe_text

_PATIENCE = 1.0  # seconds
_MOST_NAMES = 20_000  # of one folder


class PathNames(Suggester):
    """Suggests the first name that goes on as typed, `/` behind a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._folder = folder

    async def get_suggestion(self, value: str) -> str | None:
        """Give the whole path; None where there is nothing to add."""
        with move_on_after(_PATIENCE):
            return await to_thread.run_sync(self._find, value, abandon_on_cancel=True)
        return None

    def _find(self, value: str) -> str | None:
        begun, slash, last = value.rpartition("/")
        is_home = begun == "~" or begun.startswith("~/")
        folder = self._folder / (os.path.expanduser(begun) if is_home else begun + slash)
        try:
            with os.scandir(folder) as entries:
                names = [
                    entry.name + ("/" if entry.is_dir() else "")
                    for entry, _ in zip(entries, range(_MOST_NAMES), strict=False)
                    if entry.name.startswith(last) and (last or not entry.name.startswith("."))
                ]
        except (OSError, ValueError):  # no such folder, or no path at all
            return None
        fitting = sorted(name for name in names if name != last and safe_text(name) == name)
        return begun + slash + fitting[0] if fitting else None
