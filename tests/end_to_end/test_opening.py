"""The first frame is drawn before anything is opened: what stands there, and what keys do."""

import os
import pty
import subprocess

from tests.end_to_end.project import TUIFLOW, Project
from tests.end_to_end.terminal import terminal_environment
from tests.waiting import PATIENCE


def test_the_list_is_in_the_first_frame_as_it_was_left(project: Project):
    project.write(
        "spin.py",
        "from tuiflow import Workflow\nworkflow = Workflow(name='spinner', steps=[print])",
    )
    with project.screen() as terminal:
        terminal.wait("watching 1 file")
        terminal.press("q")
        terminal.wait_exit()

    with project.screen() as terminal:
        terminal.wait("watching 1 file")

    raw = bytes(terminal.raw)
    assert raw.index(b"opening") < raw.index(b"spinner") < raw.index(b"watching")


def test_keys_pressed_before_the_workflows_are_there_act_when_they_are(project: Project):
    project.write(
        "spin.py",
        "import time\nfrom tuiflow import Workflow\ntime.sleep(0.3)\n"
        "workflow = Workflow(name='spinner', steps=[print])",
    )

    with project.screen() as terminal:
        terminal.wait("opening")
        terminal.press("s")
        terminal.wait("Start a run")
        terminal.press("enter")
        terminal.wait("✓ completed")
        terminal.press("q")

        assert terminal.wait_exit() == 0


def test_q_leaves_while_the_service_opens(project: Project):
    with project.screen() as terminal:
        terminal.wait("opening")
        terminal.press("q")

        assert terminal.wait_exit() == 0
    assert b"\x1b[?1049l" in terminal.raw


def test_what_keeps_the_service_from_opening_is_said_on_a_terminal_given_back(project: Project):
    folder = project.folder / ".tuiflow"
    folder.mkdir()
    (folder / "tuiflow.db").write_bytes(os.urandom(4096))

    with project.screen() as terminal:
        assert terminal.wait_exit() == 2
        assert "Traceback" not in terminal.text

    given_back = bytes(terminal.raw).rpartition(b"\x1b[?1049l")[2]
    assert b"tuiflow: " in given_back


def test_a_screen_whose_terminal_is_gone_leaves_also_when_no_signal_tells_it(project: Project):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(TUIFLOW)],
        cwd=project.folder,
        env=terminal_environment() | {"XDG_CACHE_HOME": str(project.folder / ".cache")},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    drawn = b""
    while b"opening" not in drawn:
        drawn += os.read(ours, 65536)

    os.close(ours)

    process.wait(PATIENCE)
