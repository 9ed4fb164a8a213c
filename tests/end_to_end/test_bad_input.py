import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.end_to_end.project import LIVE, SPIN, TUIFLOW, Project
from tests.end_to_end.terminal import open_terminal

pytestmark = pytest.mark.timeout(120)

BROKEN = {
    "raises": ("raise RuntimeError('no luck')", "RuntimeError: no luck"),
    "leaves": ("import sys; sys.exit(3)", "SystemExit"),
    "is half written": ("def f(:", "SyntaxError"),
    "crashes": ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_module_that_fails_at_import_is_shown_and_the_rest_stays_usable(
    project: Project, what: str
):
    line, said = BROKEN[what]
    project.write("spin.py", SPIN)
    project.write("bad.py", f"import tuiflow\n{line}\n")

    with project.screen() as terminal:
        terminal.wait("bad.py")
        terminal.wait("spin")
        terminal.wait("broken")
        # Which file was read last, and so stands in the notice, is not to be known.
        terminal.press("1", "G")
        terminal.wait(said)
        terminal.press("?")
        terminal.wait("Help")


def test_a_module_that_loops_for_ever_at_import_is_named_with_its_line(project: Project):
    (project.folder / "pyproject.toml").write_text("[tool.tuiflow]\nimport_seconds = 1\n")
    project.write("spin.py", SPIN)
    project.write("bad.py", "import tuiflow\nwhile True:\n    pass\n")

    with project.screen() as terminal:
        terminal.wait("bad.py")
        terminal.wait("spin")
        terminal.wait(lambda text: "bad.py:2" in text or "bad.py:3" in text)


def test_what_a_module_prints_at_import_never_reaches_the_screen(project: Project):
    project.write("live.py", "print('\\x1b[2J' + 'NOISE ' * 400)\n" + LIVE)

    with project.screen() as terminal:
        terminal.wait("both")
        assert b"NOISE" not in terminal.raw


def test_two_workflows_of_one_name_are_listed_with_their_files(project: Project):
    project.write("one.py", SPIN)
    project.write("two.py", SPIN)

    with project.screen() as terminal:
        terminal.wait("one.py:spin")
        terminal.wait("two.py:spin")
    done = project.run("run", "spin")

    assert done.returncode == 2
    assert "one.py:spin" in done.stderr
    assert "two.py:spin" in done.stderr


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA user_version = 999")


def of_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE cats (name)")


def text(path: Path) -> None:
    path.write_text("dear diary, " * 100)


DATABASES = {
    newer: "upgrade tuiflow",
    of_another_program: "not a tuiflow database",
    text: "not a tuiflow database",
}


@pytest.mark.parametrize("spoil", DATABASES, ids=lambda spoil: spoil.__name__)
def test_a_database_we_cannot_use_is_refused_in_one_sentence(project: Project, spoil):
    project.write("live.py", LIVE)
    project.open_gate()
    path = project.folder / "runs.db"
    assert project.run("run", "live", "--db", str(path)).returncode == 0
    for leftover in project.folder.glob("runs.db-*"):
        leftover.unlink()
    spoil(path)
    before = path.read_bytes()

    done = project.run("runs", "--db", str(path))
    with open_terminal([TUIFLOW, "--db", path], cwd=project.folder) as terminal:
        code = terminal.wait_exit()
        shown = terminal.text

    assert (done.returncode, code) == (2, 2)
    assert done.stderr.startswith("tuiflow: ")
    assert DATABASES[spoil] in done.stderr
    assert "Traceback" not in done.stderr + shown
    assert path.read_bytes() == before


def test_a_locked_database_is_refused_by_name_when_it_stays_locked(project: Project):
    project.write("live.py", LIVE)
    project.open_gate()
    path = project.folder / "runs.db"
    assert project.run("run", "live", "--db", str(path)).returncode == 0
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA locking_mode = EXCLUSIVE")
    database.execute("BEGIN EXCLUSIVE")

    done = project.run("run", "live", "--db", str(path), timeout=90)
    database.close()

    assert done.returncode != 0
    assert "locked" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("nowhere", "nowhere"),
        ("notes.txt", "notes.txt"),
        ("plain.py", "import tuiflow"),
    ],
)
def test_a_target_that_offers_nothing_is_refused_in_one_sentence(
    project: Project, target: str, said: str
):
    (project.folder / "notes.txt").write_text("hello")
    (project.folder / "plain.py").write_text("x = 1\n")

    with open_terminal([TUIFLOW, target], cwd=project.folder) as terminal:
        assert terminal.wait_exit() == 2

        assert said in terminal.text
        assert "Traceback" not in terminal.text


@pytest.mark.parametrize("run", ["ffff", "x", "last", "\x1b[2J"])
def test_an_unknown_run_is_refused_in_one_sentence(project: Project, run: str):
    project.write("live.py", LIVE)

    done = project.run("show", run)

    assert done.returncode == 2
    assert done.stderr.startswith("tuiflow: ")
    assert "\x1b" not in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_we_may_not_write_names_the_database_option(project: Project):
    project.write("live.py", LIVE)
    project.folder.chmod(0o500)

    done = project.run("run", "live")
    project.folder.chmod(0o700)

    assert done.returncode == 2
    assert "--db" in done.stderr
