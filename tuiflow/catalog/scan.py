"""Finds workflow files in a folder by reading their text; nothing is executed here."""

import ast
import os
import re
import stat
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tuiflow.catalog.hashes import Stamp, is_settled, stamp_of
from tuiflow.errors import CatalogError
from tuiflow.model.failure import Failure, Frame

_MENTION = b"tuiflow"
_MOST_BYTES = 1_000_000
"""A second of parsing, during which nothing else goes on in this process."""
_TOO_BIG = ValueError("it has more than 1 MB: move its data into a file of its own")
_IMPORT_LINE = re.compile(rb"^[ \t]*(?:from[ \t]+tuiflow\b|import[ \t][^#\n]*\btuiflow\b)", re.M)
_LEFT_OUT_FOLDERS = frozenset({"__pycache__", "node_modules", "site-packages"})
_LEFT_OUT_FILES = frozenset({"setup.py", "conftest.py"})


@dataclass(frozen=True, slots=True)
class Found:
    """What a file's text says: whether it imports tuiflow, and where its syntax is wrong."""

    imports_tuiflow: bool
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """One look at the folder."""

    files: dict[Path, Found] = field(default_factory=dict[Path, Found])
    """The workflow files, in order of their last change."""
    not_imported: int = 0
    folders: frozenset[Path] = frozenset()
    names: int = 0
    """A hash of all Python files and folders there: changes when one comes or goes."""


class Scanner:
    """Looks into a folder, or at one file, again and again; unchanged files are not read again."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._is_folder = target.is_dir()
        self._known: dict[Path, tuple[Stamp, Found]] = {}

    def scan(self) -> Scan:
        """Read the folder now."""
        if self._is_folder:
            folders, paths = _walk(self._target)
        else:
            folders, paths = {self._target.parent}, [self._target]
        changed_at: dict[Path, int] = {}
        files: dict[Path, Found] = {}
        for path in paths:
            found, mtime = self._look(path)
            if found.imports_tuiflow:
                files[path], changed_at[path] = found, mtime
        ordered = {path: files[path] for path in sorted(files, key=lambda p: (changed_at[p], p))}
        names = hash(frozenset(map(str, (*paths, *folders))))
        return Scan(ordered, len(paths) - len(files), frozenset(folders), names)

    def _look(self, path: Path) -> tuple[Found, int]:
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode) or _is_left_out(path, self._target):
                return Found(imports_tuiflow=False), 0
            stamp, known = self._known.get(path, (None, None))
            if known is None or stamp != stamp_of(found):
                known = read_source(_read(path), path)
        except OSError:
            return Found(imports_tuiflow=False), 0
        if is_settled(found):
            self._known[path] = (stamp_of(found), known)
        return known, found.st_mtime_ns


def check_target(target: Path) -> None:
    """Refuse a folder or file that can hold no workflows; raises CatalogError in one sentence."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        raise CatalogError(f"{target} does not exist: give a folder or a Python file") from None
    except OSError as error:
        raise CatalogError(f"cannot read {target}: {error.strerror}") from error
    if stat.S_ISDIR(mode):
        if not os.access(target, os.R_OK | os.X_OK):
            raise CatalogError(f"cannot read the folder {target}: permission denied")
        return
    if target.suffix != ".py" or not stat.S_ISREG(mode):
        raise CatalogError(f"{target} is not a Python file: give one that ends in .py, or a folder")
    try:
        found = read_source(_read(target), target)
    except OSError as error:
        raise CatalogError(f"cannot read {target}: {error.strerror}") from error
    if not found.imports_tuiflow:
        raise CatalogError(
            f"{target} does not import tuiflow: a workflow file begins with "
            "`from tuiflow import Workflow`"
        )


def read_source(raw: bytes, path: Path) -> Found:
    """Say what a file's text imports; with broken syntax the text of its import lines decides."""
    if _MENTION not in raw:
        return Found(imports_tuiflow=False)
    if len(raw) > _MOST_BYTES:
        return _unparsed(raw, _TOO_BIG, path)
    try:
        with warnings.catch_warnings():
            # A doubtful escape sequence is the file's own business: the screen owns the terminal.
            warnings.simplefilter("ignore")
            tree = ast.parse(raw, filename=str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return _unparsed(raw, error, path)
    return Found(any(_is_import(node) for node in ast.walk(tree)))


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES + 1)


def _unparsed(raw: bytes, error: Exception, path: Path) -> Found:
    mentions = _IMPORT_LINE.search(raw) is not None
    return Found(mentions, _describe(error, path) if mentions else None)


def _is_import(node: ast.AST) -> bool:
    match node:
        case ast.Import(names=names):
            return any(name.name.partition(".")[0] == "tuiflow" for name in names)
        case ast.ImportFrom(module=str(module), level=0):
            return module.partition(".")[0] == "tuiflow"
        case _:
            return False


def _describe(error: Exception, path: Path) -> Failure:
    if not isinstance(error, SyntaxError):
        return Failure(type="SyntaxError", message=f"cannot be parsed: {error}")
    source = (error.text or "").strip()
    frame = Frame(file=str(path), line=error.lineno or 1, function="<module>", source=source)
    return Failure(type=type(error).__name__, message=error.msg, frames=(frame,))


def _walk(top: Path) -> tuple[set[Path], list[Path]]:
    folders: set[Path] = set()
    paths: list[Path] = []
    for here, inner, names in os.walk(top):
        inner[:] = [name for name in inner if _is_entered(here, name)]
        folders.add(Path(here))
        paths.extend(_python_files(Path(here), names))
    return folders, paths


def _python_files(folder: Path, names: list[str]) -> Iterator[Path]:
    for name in names:
        # A name that is not UTF-8 could be neither stored nor shown.
        if name.endswith(".py") and not name.startswith(".") and name.isprintable():
            yield folder / name


def _is_entered(here: str, name: str) -> bool:
    if name.startswith(".") or name in _LEFT_OUT_FOLDERS or not name.isprintable():
        return False
    return not os.path.exists(os.path.join(here, name, "pyvenv.cfg"))


def _is_left_out(path: Path, target: Path) -> bool:
    if path == target:
        return False
    return path.name in _LEFT_OUT_FILES or path.name.startswith("test_")
