"""What the terminal is told besides the picture, and what is left of it at the end."""

import pytest

from tests.end_to_end.project import LIVE, Project
from tests.end_to_end.terminal import Terminal

pytestmark = pytest.mark.timeout(120)
BLUR, FOCUS = "\x1b[O", "\x1b[I"
HALF, NONE, GIVEN_BACK = b"\x1b]9;4;1;50\x07", b"\x1b]9;4;0;\x07", b"\x1b[23;2t"


def start_live(project: Project, terminal: Terminal) -> None:
    project.write("live.py", LIVE)
    terminal.wait("· live")
    terminal.press("s")
    terminal.wait("Start a run")
    terminal.press("enter")
    terminal.wait(lambda _: b"\x1b]2;live 1/2 - " in terminal.raw and HALF in terminal.raw)


def test_how_far_it_is_is_told_and_only_an_end_that_nobody_sees_rings(project: Project):
    with project.screen() as terminal:
        start_live(project, terminal)
        project.open_gate()
        terminal.wait("✓ right")
        terminal.wait(lambda _: told_last(terminal, NONE, HALF))
        assert bells(terminal) == 0
        terminal.press(BLUR, "r")
        terminal.wait("completed after")
        assert bells(terminal) == 1
        terminal.press(FOCUS, "q")
        terminal.wait_exit()

    assert told_last(terminal, GIVEN_BACK, b"\x1b]2;")


def test_a_screen_ended_from_outside_takes_title_and_progress_back(project: Project):
    with project.screen() as terminal:
        start_live(project, terminal)
        terminal.process.terminate()
        terminal.wait_exit()

    assert told_last(terminal, NONE, HALF)
    assert told_last(terminal, GIVEN_BACK, b"\x1b]2;")


def told_last(terminal: Terminal, what: bytes, other: bytes) -> bool:
    """Say whether the one was written after the other."""
    return terminal.raw.rfind(what) > terminal.raw.rfind(other)


def bells(terminal: Terminal) -> int:
    """Count the bells that end no sequence."""
    pieces = bytes(terminal.raw).split(b"\x07")[:-1]
    return sum(not piece.rpartition(b"\x1b")[2].startswith(b"]") for piece in pieces)
