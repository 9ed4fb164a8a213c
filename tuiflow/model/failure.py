"""An exception as data, so that it can be stored, sent and shown."""

import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from pydantic import BaseModel, ConfigDict

from tuiflow.errors import sole_member

MOST_FRAMES = 50
MOST_CAUSES = 20  # in a row
MOST_MEMBERS = 20
LONGEST_MESSAGE = 20_000  # characters
_PACKAGES = r"[/\\](?:site|dist)-packages[/\\]"
_PYTHON = r"[/\\]lib(?:64)?[/\\]python3\.\d+[/\\]"
_INSTALLED = re.compile(rf"{_PACKAGES}([^/\\.]+)")
_STANDARD = re.compile(rf"^<frozen |{_PYTHON}")
_LIBRARY = re.compile(rf".*(?:{_PACKAGES}|{_PYTHON})")
# Not the name alone: a project may be called so too.
_OWN_CODE = re.compile(
    r"(?:^|[/\\])tuiflow[/\\](?:engine|workflow|worker|store|supervisor|service|model)[/\\]"
)


class Frame(BaseModel):
    """One line of a traceback, outermost first in a list of them."""

    model_config = ConfigDict(frozen=True)

    file: str
    line: int
    function: str
    source: str = ""

    @property
    def library(self) -> str:
        """Whose code it is: a package's, `Python`'s or `tuiflow`'s; empty for the author's."""
        if _OWN_CODE.search(self.file):
            return "tuiflow"
        if installed := _INSTALLED.search(self.file):
            return installed.group(1)
        return "Python" if _STANDARD.search(self.file) else ""

    @property
    def library_path(self) -> str:
        """Its file from the folder of all packages, or of Python's own modules, on; else empty."""
        folder = _LIBRARY.search(self.file)
        return self.file[folder.end() :] if folder else ""


class Failure(BaseModel):
    """An exception with its cause and, for a group, its members."""

    model_config = ConfigDict(frozen=True)

    type: str
    message: str
    frames: tuple[Frame, ...] = ()
    notes: tuple[str, ...] = ()
    cause: "Failure | None" = None
    members: tuple["Failure", ...] = ()

    @property
    def summary(self) -> str:
        """Say it in one line: `KeyError: 'EUR'`."""
        first_line = self.message.split("\n", 1)[0]
        return f"{self.type}: {first_line}" if first_line else self.type

    @property
    def authors_frames(self) -> list[Frame]:
        """The frames of the author's code, innermost first: its own, then those of its causes."""
        own = [frame for frame in reversed(self.frames) if not frame.library]
        inside = [*([self.cause] if self.cause else []), *self.members]
        return [*own, *(frame for each in inside for frame in each.authors_frames)]

    def frame_in(self, folder: Path) -> Frame | None:
        """Find the innermost frame of a file that is the folder's own, not an installed one."""
        own = [frame for frame in self.frames if _is_own(Path(frame.file), folder)]
        return own[-1] if own else None


def _is_own(file: Path, folder: Path) -> bool:
    return file.is_relative_to(folder) and "site-packages" not in file.parts


def describe_exception(error: BaseException) -> Failure:
    """Turn an exception into data; a group with one member becomes that member.

    Of a long chain of causes the first are kept, of one that leads back to itself each once.
    """
    return _describe(error, ())


def _describe(error: BaseException, above: tuple[BaseException, ...]) -> Failure:
    error = sole_member(error)
    cause, members = _cause(error), _members(error)
    above = (*above, error)
    if len(above) > MOST_CAUSES or any(cause is each for each in above):
        cause, members = None, ()
    return Failure(
        type=type(error).__qualname__,
        message=_message(error),
        frames=tuple(_frames(error)),
        notes=tuple(str(note) for note in getattr(error, "__notes__", ())),
        cause=None if cause is None else _describe(cause, above),
        members=tuple(_describe(member, above) for member in members[:MOST_MEMBERS]),
    )


def _cause(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _members(error: BaseException) -> tuple[BaseException, ...]:
    if not isinstance(error, BaseExceptionGroup):
        return ()
    return cast("BaseExceptionGroup[BaseException]", error).exceptions


def _message(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST_MESSAGE]
    except Exception as broken:  # noqa: BLE001 - a user's __str__ may raise anything
        return f"<its message raised {type(broken).__name__}>"


def _frames(error: BaseException) -> Iterator[Frame]:
    for frame in traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]:
        yield Frame(
            file=frame.filename,
            line=frame.lineno or 0,
            function=frame.name,
            source=frame.line or "",
        )
