"""The list as it stood when tuiflow was last left, so that it is there at the next first paint.

Plain JSON in the user's cache folder: it is read before anything that takes long to import.
"""

import json
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from tuiflow.model.status import Status
from tuiflow.tui.widgets.run_list import ListRow

_KEPT = 100  # rows: more than any terminal shows


@dataclass(frozen=True, slots=True)
class LastSeen:
    """What the list held, and where its cursor stood."""

    rows: tuple[ListRow, ...] = ()
    cursor: str = ""
    folder: str = ""


def place_of(*asked: object) -> Path:
    """Choose the file for what was asked for: same folder, same arguments, same file."""
    key = sha256("\0".join(str(part) for part in asked).encode(errors="surrogatepass")).hexdigest()
    return user_cache_path("tuiflow") / f"list-{key[:16]}.json"


def read_last_seen(place: Path) -> LastSeen:
    """Read what was seen; nothing where there is none or it cannot be read."""
    try:
        seen: dict[str, Any] = json.loads(place.read_text())
        rows = tuple(_row(row) for row in seen["rows"])
        return LastSeen(rows, str(seen["cursor"]), str(seen["folder"]))
    except (OSError, ValueError, TypeError, KeyError):
        return LastSeen()


def write_last_seen(place: Path, seen: LastSeen) -> None:
    """Keep what is seen for the next start; a cache that cannot be written is no loss."""
    if not place.is_absolute():
        return  # there is no home
    told = json.dumps(asdict(replace(seen, rows=seen.rows[:_KEPT])))
    draft = place.with_suffix(".draft")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(told)
        draft.replace(place)
    except OSError:
        return


def _row(told: dict[str, Any]) -> ListRow:
    status = told["status"]
    return ListRow(
        id=str(told["id"]),
        glyph=str(told["glyph"]),
        status=Status(status) if status else None,
        text=str(told["text"]),
        detail=str(told["detail"]),
        indent=int(told["indent"]),
        kind=told["kind"],
        note=str(told.get("note", "")),
    )
