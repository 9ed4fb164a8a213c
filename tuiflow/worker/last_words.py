"""What a worker says when the database of its run no longer takes anything."""

import faulthandler
from contextlib import suppress

from tuiflow.model.ids import RunId
from tuiflow.model.text import whole_text
from tuiflow.store import forget_last_words, open_last_words


class LastWords:
    """Takes down why a run's process ends, by our own words or by a fatal signal's."""

    def __init__(self, run_id: RunId) -> None:
        self._run_id = run_id
        self._file = open_last_words(run_id)
        if self._file is not None:
            faulthandler.enable(file=self._file)

    def say(self, sentence: str) -> None:
        """Write it down for whoever finds the process gone."""
        if self._file is not None:
            with suppress(OSError):
                self._file.write(f"{whole_text(sentence)}\n".encode())

    def forget(self) -> None:
        """Leave nothing behind: the run's own log has said how it ended."""
        forget_last_words(self._run_id)
