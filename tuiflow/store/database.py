"""Which database: the one that was asked for, else the project's own."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tuiflow.errors import DatabaseUnusableError, NotSupportedError, StoreError
from tuiflow.settings import load_settings

_VARIABLE = "TUIFLOW_DB"
_SHARED_MOUNTS = ("nfs", "cifs", "smb", "9p", "virtiofs", "fuse")
_MOUNTS = Path("/proc/self/mounts")


@dataclass(frozen=True)
class SqliteDb:
    """Runs are kept in one SQLite file."""

    db_file: Path | str


Database = SqliteDb


def resolve_db(
    db: Database | str | Path | None,
    *,
    project: Path,
    environ: Mapping[str, str] = os.environ,
) -> SqliteDb:
    """Choose the database: argument, TUIFLOW_DB, [tool.tuiflow] db, the project's own.

    The project's own gets its folder made, for its owner's eyes only; raises StoreError.
    """
    asked = db or environ.get(_VARIABLE) or load_settings(project, environ={}).db
    if asked is None:
        return SqliteDb(_own_folder(project) / "tuiflow.db")
    place = str(asked.db_file if isinstance(asked, SqliteDb) else asked)
    if place.startswith(("postgres://", "postgresql://")):
        raise NotSupportedError("db", "a PostgreSQL database")
    if "://" in place:
        raise StoreError(f"db {place!r} is neither a path nor a postgresql:// URL")
    # A relative path in a setting means the project; one that was typed, where it was typed.
    is_typed = bool(db) or _VARIABLE in environ
    base = Path.cwd() if is_typed else project
    return SqliteDb(base / Path(place).expanduser())


def _own_folder(project: Path) -> Path:
    folder = project / ".tuiflow"
    if is_shared_mount(project):
        # SQLite's WAL needs memory shared between its users, which such mounts cannot give.
        from platformdirs import user_state_path  # noqa: PLC0415 - only for these projects

        key = sha256(str(project.resolve()).encode()).hexdigest()[:12]
        folder = user_state_path("tuiflow") / f"{project.name}-{key}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        problem = f"its folder cannot be made ({error.strerror}); choose another with --db"
        raise DatabaseUnusableError(str(folder / "tuiflow.db"), problem) from error
    return folder


def is_shared_mount(path: Path, *, mounts: Path = _MOUNTS) -> bool:
    """Say whether a path stands on a network or shared mount; False where nobody can tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    real = path.resolve()
    best, kind = "", ""
    for line in lines:
        _, written, found, *_ = [*line.split(" "), "", ""]
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), written)
        if point and len(point) >= len(best) and real.is_relative_to(point):
            best, kind = point, found
    return kind.startswith(_SHARED_MOUNTS)
