import os
import pty
import select
import struct
import subprocess
import time
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

import pyte
import pytest

from tests.cli.conftest import PATIENCE, Project


class Terminal:
    """A command in a real pseudo-terminal, as an emulator shows it."""

    def __init__(self, command: list[str], cwd: Path, environ: dict[str, str]) -> None:
        self._screen = pyte.Screen(100, 30)
        self._stream = pyte.ByteStream(self._screen)
        self._fd, inner = pty.openpty()
        ioctl(inner, TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        environ = environ | {"TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            command, cwd=cwd, env=environ, stdin=inner, stdout=inner, stderr=inner, process_group=0
        )
        os.close(inner)

    def press(self, keys: str) -> None:
        os.write(self._fd, keys.encode())

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while text not in "\n".join(self._screen.display):
            assert time.monotonic() < deadline, "\n".join(self._screen.display)
            self._read()

    def wait_for_end(self) -> int:
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "\n".join(self._screen.display)
            self._read()
        return self.process.wait()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._fd)

    def _read(self) -> None:
        if select.select([self._fd], [], [], 0.05)[0]:
            try:
                self._stream.feed(os.read(self._fd, 65536))
            except OSError:
                time.sleep(0.01)  # the program has closed its side


@pytest.mark.parametrize("words", [(), ("workflows/some.py",)])
def test_without_a_command_the_screen_opens_and_q_leaves_it(
    project: Project, words: tuple[str, ...]
):
    terminal = Terminal(project.command(*words), project.folder, project.environ)
    try:
        terminal.wait_for("greeting")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    finally:
        terminal.close()


def test_the_demo_opens_on_a_copy_of_the_samples(project: Project, tmp_path: Path):
    environ = project.environ | {"XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}

    terminal = Terminal(project.command("demo"), tmp_path, environ)
    try:
        terminal.wait_for("monte_carlo")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    finally:
        terminal.close()

    assert list(tmp_path.rglob("workflows/data/eu.csv"))
