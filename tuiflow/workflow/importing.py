"""Knows whether this process imports a workflow file just now: an import must not run anything."""

from collections.abc import Generator
from contextlib import contextmanager

from tuiflow.errors import RunError

# Of this process, since what is being imported has no other way to know.
_files: list[str] = []


@contextmanager
def importing(file: str) -> Generator[None, None, None]:
    """Refuse runs until the block ends."""
    _files.append(file)
    try:
        yield
    finally:
        _files.pop()


def check_not_importing(name: str) -> None:
    """Raise RunError for a run that a file starts while it is only looked at."""
    if _files:
        raise RunError(
            f"workflow {name!r} was started while its file was imported: "
            'put the start under `if __name__ == "__main__":`'
        )
