"""Whose Python runs a project's workflows."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from tuiflow.settings import Settings

_IN_ENVIRONMENT = Path("bin", "python")


def choose_python(
    settings: Settings, project: Path, *, environ: Mapping[str, str] = os.environ
) -> Path:
    """Choose the set interpreter, the active or the nearest virtual environment's, else our own.

    Symbolic links are kept: they are what makes an interpreter that of its environment.
    """
    if settings.python is not None:
        return _as_set(settings.python, project)
    if active := environ.get("VIRTUAL_ENV"):
        python = Path(active) / _IN_ENVIRONMENT
        if os.path.exists(python):
            return python
    for folder in (project, *project.parents):
        python = folder / ".venv" / _IN_ENVIRONMENT
        if os.path.exists(python):
            return python
    return Path(sys.executable)


def _as_set(python: Path, project: Path) -> Path:
    if python.parent == Path() and not os.path.exists(project / python):
        return Path(shutil.which(str(python)) or python)
    return project / os.path.expanduser(python)
