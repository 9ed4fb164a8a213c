"""First workflows for a person who has none: one to write into the folder, and the demo's."""

import shutil
import tempfile
from pathlib import Path

import tuiflow
from tuiflow.errors import CatalogError

_HELLO = Path(__file__).with_name("hello.txt")
_WRITTEN = {"__pycache__", "output"}  # by whoever ran the samples in place
_PACKAGE = Path(tuiflow.__file__).parent


def write_hello(folder: Path) -> Path:
    """Write `hello.py` into the folder; raises CatalogError rather than replace a file."""
    file = folder / "hello.py"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as made:
            made.write(_HELLO.read_text(encoding="utf-8"))
    except FileExistsError:
        raise CatalogError(f"{file} exists already: it is left as it is") from None
    except OSError as error:
        raise CatalogError(f"cannot write {file}: {error.strerror}") from error
    return file


def unpack_demo() -> Path:
    """Copy the shipped samples to a folder of the user's, so that what they write lands there."""
    # Deferred: only the demo needs it.
    from platformdirs import user_state_path  # noqa: PLC0415

    try:
        return _unpack(user_state_path("tuiflow") / f"demo-{tuiflow.__version__}")
    except OSError:
        return _unpack(Path(tempfile.mkdtemp(prefix="tuiflow-demo-")))


def _unpack(project: Path) -> Path:
    # The mark makes it a project of its own, with a database of its own.
    (project / ".tuiflow").mkdir(mode=0o700, parents=True, exist_ok=True)
    shipped, folder = _shipped(), project / "workflows"
    folder.mkdir(exist_ok=True)
    for file in shipped.rglob("*"):
        copy = folder / file.relative_to(shipped)
        # What its owner has changed since the last demo stays as it is.
        is_shipped = file.is_file() and file.name[0] != "." and not _WRITTEN & set(file.parts)
        if is_shipped and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
    return folder


def _shipped() -> Path:
    for folder in (_PACKAGE / "workflows", _PACKAGE.parent / "workflows"):
        if folder.is_dir():
            return folder
    raise CatalogError("this installation of tuiflow came without its samples")
