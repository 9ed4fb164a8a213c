"""A real pseudo-terminal with an emulator behind it: what a person would see and press."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pyte

from tests.waiting import PATIENCE

KEYS = {
    "enter": "\r",
    # As kitty's protocol writes it: a lone escape byte is a sequence when more follows too soon.
    "esc": "\x1b[27u",
    "tab": "\t",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "ctrl+c": "\x03",
    "ctrl+r": "\x12",
}


class Terminal:
    """One program in one terminal."""

    def __init__(self, process: subprocess.Popen[bytes], fd: int, columns: int, rows: int) -> None:
        self.process = process
        self.raw = bytearray()
        self.tape: list[tuple[float, bytes]] = []
        """What was written, and when."""
        self.seen_at = 0.0
        """When the last of what is on the screen was written, by `time.monotonic`."""
        self._fd = fd
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._written: deque[tuple[float, bytes]] = deque()
        # A thread of its own: the emulator is slower than what it shows.
        self._reader = Thread(target=self._listen, name="terminal", daemon=True)
        self._reader.start()

    @property
    def text(self) -> str:
        """What is on the screen now."""
        self.read(0)
        return self._shown()

    def _shown(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display)

    def row(self, wanted: str) -> str:
        """The first row that holds this text; empty when none does."""
        return next((line for line in self.text.splitlines() if wanted in line), "")

    def _listen(self) -> None:
        with suppress(OSError):
            while chunk := os.read(self._fd, 65536):
                self._written.append((time.monotonic(), chunk))

    def read(self, seconds: float) -> bool:
        """Take in what the program wrote; True when there was something."""
        got = self._take()
        deadline = time.monotonic() + seconds
        while not got and time.monotonic() < deadline and self._reader.is_alive():
            time.sleep(0.002)
            got = self._take()
        while self._take():
            pass
        return got

    def _take(self) -> bool:
        if not self._written:
            return False
        self.seen_at, chunk = self._written.popleft()
        self.tape.append((self.seen_at, chunk))
        self.raw += chunk
        self._stream.feed(chunk)
        return True

    def press(self, *keys: str) -> None:
        """Press keys one after the other; a name from KEYS, or text as it is typed."""
        for key in keys:
            os.write(self._fd, KEYS.get(key, key).encode())

    def wait(self, sees: str | Callable[[str], bool]) -> float:
        """Wait until the screen shows a text or satisfies a test; the seconds it took."""
        start = time.monotonic()
        holds: Callable[[str], bool] = sees if callable(sees) else lambda text: sees in text
        shown = self._shown()
        while not holds(shown):
            spent = time.monotonic() - start
            assert spent < PATIENCE, f"not within {PATIENCE} s: {sees!r}\n{self.text}"
            if self._take():
                # Only then: it takes the processor from the program for milliseconds.
                shown = self._shown()
            else:
                time.sleep(0.002)
        return max(self.seen_at - start, 0.0)

    def wait_gone(self, text: str) -> None:
        self.wait(lambda shown: text not in shown)

    def wait_quiet(self, seconds: float) -> None:
        """Wait until nothing has been written for a while."""
        deadline = time.monotonic() + PATIENCE
        while self.read(seconds):
            assert time.monotonic() < deadline, f"it writes on and on: {bytes(self.raw[-200:])!r}"

    def look(self, seconds: float) -> None:
        """Take in what is written for so long."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.read(left)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._screen.resize(rows, columns)
        self.process.send_signal(signal.SIGWINCH)

    def wait_exit(self) -> int:
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"still running:\n{self.text}"
            self.read(0.05)
        self.read(0)
        return self.process.returncode

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._fd)


@contextmanager
def open_terminal(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: dict[str, str] | None = None,
    size: tuple[int, int] = (160, 45),
) -> Generator[Terminal]:
    """Start a program in a terminal of its own; it is killed at the end."""
    columns, rows = size
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=terminal_environment() | (env or {}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    terminal = Terminal(process, ours, columns, rows)
    try:
        yield terminal
    finally:
        terminal.close()


def terminal_environment() -> dict[str, str]:
    """The environment of a plain terminal, without what tests or their runner set."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TUIFLOW_", "PYTEST_", "TEXTUAL", "COLUMNS", "LINES"))
        and name not in {"VIRTUAL_ENV", "NO_COLOR"}
    }
    return kept | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
