"""A worker's end of the control channel: one JSON line a message, until a run is claimed."""

import select
import socket

from pydantic import BaseModel

from tuiflow.model.control import TO_WORKER, ToWorker
from tuiflow.model.text import write_json


class ControlChannel:
    """Blocks while it waits: a worker without work costs nothing."""

    def __init__(self, fd: int) -> None:
        self._socket = socket.socket(fileno=fd)
        # What an import or a step starts must not hold the channel open after the worker's end.
        self._socket.set_inheritable(False)
        self._lines = self._socket.makefile("rb")

    def receive(self) -> ToWorker | None:
        """Wait for the next order; None once the other side has closed."""
        try:
            line = self._lines.readline()
        except ConnectionError:
            return None
        return TO_WORKER.validate_json(line) if line.endswith(b"\n") else None

    def has_order(self) -> bool:
        """Say whether something has come that `receive` has not given yet."""
        return bool(select.select([self._socket], [], [], 0)[0])

    def send(self, message: BaseModel) -> None:
        """Answer; one that is gone, or was let go of, is no error."""
        try:
            self._socket.sendall(write_json(message).encode() + b"\n")
        except OSError:
            return

    def close(self) -> None:
        """Close this side; from here on the worker is on its own."""
        self._lines.close()
        self._socket.close()
