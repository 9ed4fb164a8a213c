"""A command says in one sentence what the system refuses it, and does what it can without."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Project
from tests.waiting import PATIENCE

needs_dev_full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has it")


def typed(project: Project, line: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Have a shell do a line in which "$@" is the command."""
    return project.call(["sh", "-c", line, "sh", *project.command(*words)])


@pytest.mark.parametrize("line", ['"$@" >&-', '"$@" <&- >&- 2>&-'])
def test_a_run_does_without_the_streams_that_are_closed(project: Project, line: str):
    ended = typed(project, line, "run", "echo", "tea")

    assert (ended.returncode, ended.stderr) == (0, "")
    last = project.json("show", "last")[0]
    assert (last["workflow_name"], last["status"]) == ("echo", "completed")


@needs_dev_full
def test_a_run_whose_output_finds_no_room_goes_on(project: Project):
    ended = typed(project, '"$@" >/dev/full', "run", "echo", "tea")

    assert ended.returncode == 1
    goes_on, why = ended.stderr.splitlines()
    assert goes_on.endswith(" goes on")
    assert why == "tuiflow: the output cannot be written: No space left on device"


def test_a_folder_that_is_gone_is_left_for_another(project: Project, tmp_path: Path):
    line = f'mkdir "{tmp_path}/gone"; cd "{tmp_path}/gone"; rmdir "{tmp_path}/gone"; "$@"'
    ended = typed(project, line, "list")

    assert ended.returncode == 2
    assert ended.stderr == (
        "tuiflow: the folder this was started in cannot be used (No such file or directory): "
        "change to another one\n"
    )


def test_the_home_of_a_user_who_is_not_there_is_a_folder_that_is_not_there(project: Project):
    ended = project.tuiflow("list", "--folder", "~nobody-of-that-name/flows")

    assert ended.returncode == 2
    assert "~nobody-of-that-name/flows does not exist" in ended.stderr


def test_a_word_too_long_for_a_name_is_no_command_either(project: Project):
    ended = project.tuiflow("x" * 300)

    assert ended.returncode == 2
    assert ended.stderr.startswith("tuiflow: there is no folder, file or command 'xxx")


@pytest.mark.parametrize(
    ("kind", "stderr", "words"),
    [
        ("xterm", subprocess.PIPE, "the screen needs a terminal; "),
        (
            "dumb",
            subprocess.STDOUT,
            "the screen cannot be drawn on a terminal of the kind TERM=dumb",
        ),
    ],
)
def test_a_screen_is_not_drawn_where_nobody_would_see_it(
    project: Project, kind: str, stderr: int, words: str
):
    terminal, side = os.openpty()
    try:
        ended = subprocess.run(
            project.command(),
            cwd=project.folder,
            env=project.environ | {"TERM": kind},
            stdin=side,
            stdout=side,
            stderr=stderr,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        told = ended.stderr or os.read(terminal, 4096).decode()
    finally:
        os.close(side)
        os.close(terminal)

    assert ended.returncode == 2
    assert told.startswith(f"tuiflow: {words}")
