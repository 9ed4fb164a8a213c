"""What the process of a run said last, kept beside the database, which may have failed it.

A file of its own for each run, in the machine's folder for temporary files.
"""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from tuiflow.model.ids import RunId

LONGEST = 64 * 1024  # bytes read of the end


def open_last_words(run_id: RunId) -> BinaryIO | None:
    """Open a file a run's process says its last words to; None where there is no place for it.

    A new one each time: the process of an earlier episode may still have something to say.
    """
    with suppress(OSError):
        file = _file_of(run_id)
        file.parent.mkdir(mode=0o700, exist_ok=True)
        found = file.parent.lstat()
        # Others may write to the folder around it, and must not choose where we write.
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
            file.unlink(missing_ok=True)
            return file.open("ab", buffering=0)
    return None


def read_last_words(run_id: RunId) -> str:
    """Read what a run's process said last, or nothing."""
    try:
        with _file_of(run_id).open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - LONGEST))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def forget_last_words(run_id: RunId) -> None:
    """Delete them, once they are recorded or were not needed."""
    with suppress(OSError):
        _file_of(run_id).unlink()


def _file_of(run_id: RunId) -> Path:
    # An author may choose an id, and one that is a path must not lead out of the folder.
    name = quote(run_id, safe="", errors="surrogatepass")
    return Path(tempfile.gettempdir(), f"tuiflow-{os.getuid()}", name)
