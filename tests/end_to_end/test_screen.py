import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.end_to_end.conftest import worker_pid
from tests.end_to_end.project import LIVE, SPIN, Project
from tests.end_to_end.terminal import Terminal

STOPPED_SECONDS = float(os.environ.get("STOPPED_SECONDS", "3"))
"""Long enough for a crash to be found, were it one; in `make torture` it is longer."""
pytestmark = pytest.mark.timeout(120)


def start(terminal: Terminal, name: str) -> None:
    terminal.wait(f"· {name}")
    terminal.press("s")
    terminal.wait("Start a run")
    terminal.press("enter")
    terminal.wait_gone("Start a run")


def status(project: Project) -> str:
    shown = project.run("show", "last", "--json")
    return json.loads(shown.stdout)["status"]


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
def test_two_branches_are_seen_running_at_the_same_time(project: Project, size: tuple[int, int]):
    project.write("live.py", LIVE)

    with project.screen(size) as terminal:
        start(terminal, "live")
        terminal.wait(lambda text: all(f"▸ {name}" in text for name in ("left", "right")))
        project.open_gate()
        terminal.wait(lambda text: all(f"✓ {name}" in text for name in ("left", "right")))

        terminal.press("q")
        assert terminal.wait_exit() == 0


def test_a_spinning_step_is_cancelled_and_its_sibling_keeps_its_output(project: Project):
    project.write("spin.py", SPIN)

    with project.screen() as terminal:
        start(terminal, "spin")
        terminal.wait("▸ spin")
        terminal.wait("✓ quick")
        terminal.press("x")
        terminal.wait("y cancel")
        terminal.press("y")
        terminal.wait("⊗ spin")
        terminal.press("2", "g", "j", "j", "o")
        terminal.wait("kept output of quick")

    assert status(project) == "cancelled"


def test_the_events_of_a_run_can_be_read(project: Project):
    project.write("live.py", LIVE)
    project.open_gate()

    with project.screen() as terminal:
        start(terminal, "live")
        terminal.wait("✓ right")
        terminal.press("E")
        terminal.wait("WorkflowCompleted")
        terminal.wait("ParallelExecutionStarted")


def test_input_previous_content_output_and_logs_stand_under_the_cursor(project: Project):
    project.write("live.py", LIVE)
    project.open_gate()

    with project.screen((80, 24)) as terminal:
        start(terminal, "live")
        terminal.wait("✓ right")
        terminal.press("2", "g", "j", "o")
        terminal.wait('"orders": 41')
        terminal.press("L")
        terminal.wait("reading the orders")
        terminal.press("j", "j", "p")
        terminal.wait('"orders": 41')


def test_a_broken_file_is_shown_in_place_and_mended_by_the_next_save(project: Project):
    path = project.write("live.py", LIVE)
    project.write("spin.py", SPIN)

    with project.screen() as terminal:
        terminal.wait("· live")
        terminal.wait("· spin")
        terminal.press("1", "g")
        path.write_text(LIVE.replace("def first", "def first(:"))
        terminal.wait("SyntaxError")
        assert "spin" in terminal.text
        path.write_text(LIVE.replace('name="right"', 'name="mended"'))
        terminal.wait_gone("SyntaxError")
        terminal.wait("mended")


def test_a_new_file_appears_in_the_list_by_itself(project: Project):
    project.write("spin.py", SPIN)

    with project.screen() as terminal:
        terminal.wait("spin")
        project.write("live.py", LIVE)
        terminal.wait("live")


def test_a_run_goes_on_after_leaving_and_a_save_leaves_it_the_code_it_has(project: Project):
    project.write("live.py", LIVE)

    with project.screen() as terminal:
        start(terminal, "live")
        terminal.wait("▸ right")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert "1 run goes on" in terminal.text

    with project.screen() as terminal:
        terminal.wait("▸ right")
        project.write("live.py", f"{LIVE}\n# edited\n")
        terminal.wait("reloaded live.py (1 workflow)")
        terminal.wait("keeps rev")
        project.open_gate()
        terminal.wait("✓ right")


@pytest.mark.timeout(120 + STOPPED_SECONDS)
def test_a_screen_and_a_worker_that_were_stopped_go_on_and_killing_the_screen_leaves_the_run_alone(
    project: Project,
):
    project.write("live.py", LIVE)

    with project.screen() as terminal:
        start(terminal, "live")
        terminal.wait("▸ right")
        # As by a laptop that is closed and opened again.
        both = (worker_pid(project), terminal.process.pid)
        for pid in both:
            os.killpg(pid, signal.SIGSTOP)
        time.sleep(STOPPED_SECONDS)
        for pid in both:
            os.killpg(pid, signal.SIGCONT)
        # By the time a key is answered, the screen has looked for those that died meanwhile.
        terminal.press("x")
        terminal.wait("Cancel run")
        terminal.press("n")
        terminal.wait_gone("Cancel run")
        assert "▸ right" in terminal.text

        terminal.process.kill()
        terminal.wait_exit()

    with project.screen() as terminal:
        terminal.wait("▸ right")
        project.open_gate()
        terminal.wait("✓ right")
    assert status(project) == "completed"


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_screen_told_to_end_gives_the_terminal_back(project: Project, ending: signal.Signals):
    project.write("spin.py", SPIN)

    with project.screen() as terminal:
        terminal.wait("· spin")
        terminal.process.send_signal(ending)
        assert terminal.wait_exit() == 0

        assert b"\x1b[?1049l" in terminal.raw


def test_a_killed_worker_is_shown_as_crashed(project: Project):
    project.write("live.py", LIVE)

    with project.screen() as terminal:
        start(terminal, "live")
        terminal.wait("▸ right")
        os.kill(worker_pid(project), signal.SIGKILL)
        terminal.wait("crashed")
        assert "✓ first" in terminal.text

    assert status(project) == "crashed"


def test_an_idle_screen_comes_to_write_nothing_to_the_terminal(project: Project):
    project.write("spin.py", SPIN)

    with project.screen() as terminal:
        terminal.wait("both")
        terminal.wait_quiet(3.0)


def test_text_of_a_workflow_never_reaches_the_terminal_as_an_escape(project: Project):
    hostile = SPIN.replace(
        'return "kept output of quick"',
        'return "\\x1b]52;c;aGFja2Vk\\x07\\x1bc\\x9b2J[@click=app.quit]x[/x] kept"',
    )
    project.write("spin.py", hostile)

    with project.screen() as terminal:
        start(terminal, "spin")
        terminal.wait("✓ quick")
        terminal.press("2", "g", "j", "j", "o")
        terminal.wait("kept")

        assert b"\x1b]52;" not in terminal.raw
        assert b"\x1bc" not in terminal.raw
        assert "\x9b".encode() not in terminal.raw


def test_the_screen_survives_being_resized_to_anything(project: Project):
    project.write("live.py", LIVE)

    with project.screen() as terminal:
        start(terminal, "live")
        for size in [(40, 10), (80, 24), (300, 80), (59, 15), (110, 30), (160, 45)]:
            terminal.resize(*size)
            terminal.read(0.3)
        terminal.wait("▸ right")
        project.open_gate()
        terminal.wait("✓ right")


def test_an_empty_folder_says_what_to_do_first(project: Project):
    (project.folder / "workflows").mkdir()
    editor = project.folder / "edit"
    editor.write_text('#!/bin/sh\necho "EDITING ${2##*/}"; read line\n')
    editor.chmod(0o755)

    with project.screen((80, 24), env={"EDITOR": str(editor)}) as terminal:
        terminal.wait("hello.py")
        terminal.press("n")
        terminal.wait("EDITING hello.py")
        terminal.press("enter")
        terminal.wait("· hello")

    assert (project.folder / "workflows" / "hello.py").exists()


def test_the_database_is_private(project: Project):
    project.write("live.py", LIVE)
    project.open_gate()

    project.run("run", "live")

    database = project.folder / ".tuiflow" / "tuiflow.db"
    assert database.stat().st_mode & 0o777 == 0o600
    assert Path(database.parent).stat().st_mode & 0o777 == 0o700
