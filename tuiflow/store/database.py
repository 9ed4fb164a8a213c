"""Which database: the one that was asked for, else the project's own."""

import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from tuiflow.errors import DatabaseUnusableError, NotSupportedError, StoreError
from tuiflow.model.redaction import Redactor
from tuiflow.settings import Synchronous, load_settings

_VARIABLE = "TUIFLOW_DB"
_SQLITE_URL = "sqlite:///"
_SHARED_MOUNTS = ("nfs", "cifs", "smb", "9p", "virtiofs", "fuse")
_MOUNTS = Path("/proc/self/mounts")
_log = logging.getLogger("tuiflow")


@dataclass(frozen=True)
class SqliteDb:
    """One SQLite file in which runs are kept; it is made with the first run."""

    db_file: Path | str
    synchronous: Synchronous = "normal"
    """`full` waits for the disk at each commit, so that nothing is lost in a power cut either."""
    redact: tuple[str, ...] | bool = True
    """Patterns of secrets besides the usual ones, or whether to look for any."""
    session_table: str | None = None
    """Of no use: the tables have names of their own."""

    def __post_init__(self) -> None:
        if self.session_table:
            _log.info("SqliteDb: session_table does nothing here")


class PostgresDb:
    """A PostgreSQL database, which is not supported yet."""

    def __init__(self, db_url: str, **_: object) -> None:
        raise NotSupportedError("PostgresDb", "a PostgreSQL database")


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
    settings = load_settings(project, environ=_settable(environ))
    asked = db or environ.get(_VARIABLE) or settings.db
    said = asked if isinstance(asked, SqliteDb) else SqliteDb("")
    found = replace(
        said,
        synchronous=settings.synchronous if said.synchronous == "normal" else said.synchronous,
        redact=settings.redact if said.redact is True else said.redact,
        session_table=None,
    )
    if asked is None:
        return replace(found, db_file=_on_this_machine(_own_folder(project) / "tuiflow.db"))
    place = str(asked.db_file if isinstance(asked, SqliteDb) else asked)
    if place.startswith(("postgres://", "postgresql://")):
        raise NotSupportedError("db", "a PostgreSQL database")
    place = place.removeprefix(_SQLITE_URL)
    if "://" in place:
        raise StoreError(f"db {place!r} is neither a path nor a sqlite:/// URL")
    # A relative path in a setting means the project; one that was typed, where it was typed.
    is_typed = bool(db) or _VARIABLE in environ
    base = Path.cwd() if is_typed else project
    return replace(found, db_file=_on_this_machine(base / os.path.expanduser(place)))


def _settable(environ: Mapping[str, str]) -> dict[str, str]:
    names = ("TUIFLOW_SYNCHRONOUS", "TUIFLOW_REDACT")
    return {name: environ[name] for name in names if name in environ}


def redactor_of(db: SqliteDb) -> Redactor | None:
    """Make what masks secrets before they are stored there; None where nothing is to be masked."""
    if db.redact is False:
        return None
    return Redactor(db.redact if isinstance(db.redact, tuple) else ())


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


def _on_this_machine(file: Path) -> Path:
    if is_shared_mount(file):
        problem = (
            "it is on a network or shared mount, where SQLite's log is not safe; "
            "choose a place on a disk of this machine with --db"
        )
        raise DatabaseUnusableError(str(file), problem)
    return file


def is_shared_mount(path: Path, *, mounts: Path | None = None) -> bool:
    """Say whether a path stands on a network or shared mount; False where nobody can tell."""
    try:
        lines = (mounts or _MOUNTS).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    real = Path(os.path.realpath(path))
    best, kind = "", ""
    for line in lines:
        _, written, found, *_ = [*line.split(" "), "", ""]
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), written)
        if point and len(point) >= len(best) and real.is_relative_to(point):
            best, kind = point, found
    return kind.startswith(_SHARED_MOUNTS)
