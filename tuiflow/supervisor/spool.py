"""What a worker wrote to its fds 1 and 2, read from outside when it can say nothing itself."""

import os
import tempfile

from tuiflow.model.last_words import LastWords, parse_last_words

TAIL_BYTES = 64 * 1024


class Spool:
    """An unlinked file that a worker's fds 1 and 2 are, so that both sides can read it."""

    def __init__(self) -> None:
        # Appending, so that a child that opens /dev/stdout anew writes at the end as well.
        self._file = tempfile.TemporaryFile(mode="ab+", prefix="tuiflow-")  # noqa: SIM115

    def fileno(self) -> int:
        return self._file.fileno()

    def close(self) -> None:
        self._file.close()

    def last_words(self) -> LastWords:
        """Read the end of what was written."""
        fd = self._file.fileno()
        start = max(0, os.fstat(fd).st_size - TAIL_BYTES)
        return parse_last_words(os.pread(fd, TAIL_BYTES, start).decode(errors="replace"))
