"""Takes what an author wrote as `steps=` and `db=` for what it means."""

import inspect
import os
from pathlib import Path

from tuiflow.engine import FunctionSteps, Node, Steps
from tuiflow.errors import DefinitionError, NotSupportedError
from tuiflow.settings import find_project
from tuiflow.store import Database, SqliteDb, resolve_db


def place_of_call() -> tuple[str, int]:
    """Give the file and line from where the caller of this was called; empty where unknown."""
    frame = inspect.currentframe()
    caller = frame.f_back.f_back if frame and frame.f_back else None
    return (caller.f_code.co_filename, caller.f_lineno) if caller else ("", 0)


def make_root(title: str, steps: object, workflow: object) -> Node:
    """Make the node that stands for a workflow's steps; a function is given the workflow."""
    if isinstance(steps, Node):
        return Steps(steps=[steps])
    if callable(steps):
        return FunctionSteps(title, steps, workflow)
    try:
        return Steps(steps=steps)
    except DefinitionError as error:
        if error.node != "Steps":
            raise
        problem = str(error).removeprefix("Steps: ")
        raise DefinitionError(title, problem) from None


def choose_db(db: Database | str | Path | None, file: Path) -> SqliteDb:
    """Choose the database of a workflow that is defined in a file; raises StoreError."""
    project = find_project(file.parent if os.path.isfile(file) else Path.cwd())
    return resolve_db(db, project=project)


def check_db(title: str, db: object) -> Database | str | Path | None:
    """Refuse what is no database; raises DefinitionError."""
    if db is None or db is False:
        return None
    if isinstance(db, str) and db.startswith(("postgres://", "postgresql://")):
        raise NotSupportedError(title, "a PostgreSQL database")
    if isinstance(db, str | Path | SqliteDb):
        return db
    raise DefinitionError(title, f"db= takes a path, a SqliteDb or False, not {type(db).__name__}")
