"""What a person sets for every project, in ~/.config/tuiflow/config.toml."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from tuiflow.tui.outside import Wanted

_TOLD = ("title", "progress", "bell")
_KNOWN = ("theme", "keys", *_TOLD)


@dataclass(frozen=True)
class Config:
    """Keys by the id of their binding, and a theme's name; what cannot be used is in `problems`."""

    theme: str = ""
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    wanted: Wanted = field(default_factory=Wanted)
    """What the terminal may be told."""
    problems: tuple[str, ...] = ()


def config_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Say where the file is looked for."""
    home = environ.get("HOME") or os.path.expanduser("~")
    return Path(environ.get("XDG_CONFIG_HOME") or f"{home}/.config", "tuiflow", "config.toml")


def read_config(file: Path) -> Config:
    """Read the file; never raises: the screen opens with what can be used."""
    try:
        with file.open("rb") as opened:
            given: dict[str, object] = tomllib.load(opened)
    except FileNotFoundError:
        return Config()
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Config(problems=(f"{file}: {error}",))
    problems = [
        f"{file}: there is no {name!r}; there are {', '.join(_KNOWN)}"
        for name in given
        if name not in _KNOWN
    ]
    theme, keys = given.get("theme", ""), given.get("keys", {})
    if not isinstance(theme, str):
        problems.append(f"{file}: theme is the name of a theme")
    is_table = isinstance(keys, dict)
    written = cast("dict[str, object]", keys) if is_table else {}
    if not is_table or not all(isinstance(key, str) for key in written.values()):
        problems.append(f"{file}: [keys] gives each binding's id a key, such as 'runs.start' = 'S'")
    told = {name: given[name] for name in _TOLD if name in given}
    problems += [
        f"{file}: {name} is true or false"
        for name, value in told.items()
        if not isinstance(value, bool)
    ]
    return Config(
        theme=theme if isinstance(theme, str) else "",
        keys={name: key for name, key in written.items() if isinstance(key, str)},
        wanted=Wanted(**{name: value for name, value in told.items() if isinstance(value, bool)}),
        problems=tuple(problems),
    )
