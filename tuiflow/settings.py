"""What a project and a person may set: argument > TUIFLOW_* > [tool.tuiflow] > default."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeFloat,
    ValidationError,
    field_validator,
)

from tuiflow.errors import SettingsError

USUAL_FOLDER = "workflows"
PROJECT_MARKS = ("pyproject.toml", ".git", ".tuiflow")
PREFIX = "TUIFLOW_"
MOST_SECONDS = 86_400.0  # a day


Synchronous = Literal["normal", "full"]


class Settings(BaseModel):
    """Every setting, resolved once at start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path | None = None
    """Where workflow files are looked for; `workflows/`, else the project itself."""
    db: str | None = None
    """Path or URL; `.tuiflow/tuiflow.db` of the project when unset."""
    python: Path | None = None
    """The interpreter workers run with."""
    standby: bool = True
    """Keep a worker with the latest code imported, so that a run starts at once."""
    import_seconds: Annotated[float, Field(gt=0, le=MOST_SECONDS)] = 10.0
    ascii: bool = False
    synchronous: Synchronous = "normal"
    """`full` waits for the disk at each commit, so that nothing is lost in a power cut either."""
    redact: bool | tuple[str, ...] = True
    """Patterns of secrets to mask besides the usual ones; `false` masks none."""
    keep_days: NonNegativeFloat = 30.0
    """`tuiflow prune` deletes runs that ended longer ago; `inf` keeps them for ever."""
    keep_gigabytes: NonNegativeFloat = 2.0
    """Where the database holds more, it deletes the oldest runs, too."""
    keep_runs: Annotated[int, Field(ge=0, lt=2**63)] = 20
    """The newest of each workflow, which it always keeps."""

    @field_validator("redact")
    @classmethod
    def _check_patterns(cls, given: bool | tuple[str, ...]) -> bool | tuple[str, ...]:  # noqa: FBT001 - pydantic's call
        for pattern in given if isinstance(given, tuple) else ():
            try:
                found = re.search(pattern, "")
            except re.error as error:
                raise ValueError(f"{pattern!r} is no pattern: {error}") from error
            if found is not None:
                raise ValueError(f"{pattern!r} matches the empty text")
        return given


def find_project(start: Path) -> Path:
    """Find the nearest folder upwards with pyproject.toml, .git or .tuiflow; else the start.

    Where none has one, that of a `workflows` folder is the one around it.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if any(os.path.exists(folder / mark) for mark in PROJECT_MARKS):
            return folder
    # Else the screen, and a script that was run before it, have a database each.
    is_inside = start.name == USUAL_FOLDER and start.parent.name
    return start.parent if is_inside else start


def load_settings(
    project: Path, *, environ: Mapping[str, str] = os.environ, **arguments: object
) -> Settings:
    """Resolve the settings of a project; raises SettingsError naming the source of a bad one."""
    values = _from_pyproject(project / "pyproject.toml")
    for name in Settings.model_fields:
        if (given := environ.get(PREFIX + name.upper())) is not None:
            values[name] = given
    values |= {name: value for name, value in arguments.items() if value is not None}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_sentence(error, project)) from error


def _from_pyproject(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return dict(tomllib.load(file).get("tool", {}).get("tuiflow", {}))
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _sentence(error: ValidationError, project: Path) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = ", ".join(Settings.model_fields)
        return f"{project}/pyproject.toml: [tool.tuiflow] has no setting {name!r}; it has {known}"
    return f"setting {name} = {first['input']!r}: {first['msg']}"
