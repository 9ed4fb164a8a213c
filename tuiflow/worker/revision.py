"""What an import reads from its project: the modules, as compiled, and the files it opened.

Together they are the revision. Big files are only hashed, huge ones are left out.
"""

import hashlib
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

from tuiflow.model.ids import Revision
from tuiflow.model.revision import encode_source, revision_of

BIGGEST_STORED = 1024 * 1024  # bytes
BIGGEST_HASHED = 64 * 1024 * 1024  # bytes
NOT_PROJECT = frozenset(
    {".venv", ".tuiflow", "__pycache__", "site-packages", ".git", "node_modules"}
)
_WRITING = os.O_WRONLY | os.O_RDWR


class Recorder:
    """Collects sources while it is active; the process has one, since an audit hook stays."""

    def __init__(self, project: Path, file: Path) -> None:
        self.project = project
        self._inside = str(project).rstrip("/") + "/"
        self._file = str(file)
        # A virtual environment may stand in the project under any name.
        self._own_prefix = os.path.abspath(sys.prefix).rstrip("/") + "/"
        self.hashes: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self.stored: dict[str, bytes] = {}
        """Sources to be compiled instead of what is on disk."""
        self.is_active = False
        self._reading = threading.local()

    def belongs(self, path: str) -> bool:
        """Say whether a path is the project's own, and not installed, cached or ours."""
        if path == self._file:
            return True
        if not path.startswith(self._inside) or path.startswith(self._own_prefix):
            return False
        return NOT_PROJECT.isdisjoint(path[len(self._inside) :].split("/"))

    def note(self, path: str, raw: bytes) -> None:
        """Keep what was read of a source; what was read first is what counts."""
        if path in self.hashes:
            return
        self.hashes[path] = hashlib.sha256(raw).hexdigest()
        if len(raw) <= BIGGEST_STORED:
            self.sources[path] = encode_source(raw)

    def read(self, path: str) -> bytes:
        """Read a source the way it is to be used: the stored text before the disk's."""
        raw = self.stored.get(path)
        if raw is None:
            self._reading.now = True
            try:
                raw = Path(path).read_bytes()
            finally:
                self._reading.now = False
        return raw

    def note_open(self, path: object, flags: object) -> None:
        """Keep a project file that is being opened for reading."""
        if not self.is_active or getattr(self._reading, "now", False):
            return
        if not isinstance(path, str | bytes) or (isinstance(flags, int) and flags & _WRITING):
            return
        full = os.path.abspath(os.fsdecode(path))
        if full in self.hashes or not self.belongs(full):
            return
        with suppress(OSError):
            if os.path.isfile(full) and os.path.getsize(full) <= BIGGEST_HASHED:
                self.note(full, self.read(full))

    @property
    def revision(self) -> Revision:
        return revision_of(self.hashes)


def watch_opens(recorder: Recorder) -> None:
    """Tell the recorder of every file opened from now on in this process."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and recorder.is_active:
            # Nothing may escape: an audit hook's exception would stop the user's open.
            with suppress(Exception):
                recorder.note_open(arguments[0], arguments[2])

    sys.addaudithook(hook)
