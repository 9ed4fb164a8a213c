import site
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.project import LIVE, Project

ROOT = Path(__file__).parents[2]
NEEDS_LIBRARY = "import only_in_this_environment\n" + LIVE

pytestmark = pytest.mark.timeout(120)


def make_environment(project: Project) -> Path:
    """A virtual environment of the project's own; its site-packages folder."""
    folder = project.folder / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    packages = next((folder / "lib").glob("python3*/site-packages"))
    (packages / "only_in_this_environment.py").write_text("")
    return packages


def add_tuiflow(packages: Path) -> None:
    paths = [*site.getsitepackages(), str(ROOT)]
    (packages / "tuiflow_for_tests.pth").write_text("\n".join(paths))


def test_a_workflow_runs_with_what_the_projects_own_environment_has(project: Project):
    project.write("live.py", NEEDS_LIBRARY)
    project.open_gate()
    add_tuiflow(make_environment(project))

    done = project.run("run", "live")

    assert done.returncode == 0, done.stdout + done.stderr


def test_an_environment_without_tuiflow_is_named_with_what_to_run(project: Project):
    project.write("live.py", NEEDS_LIBRARY)
    make_environment(project)

    listed = project.run("list")
    done = project.run("run", "live")

    assert "uv add --dev tuiflow" in listed.stdout + listed.stderr
    assert str(project.folder / ".venv") in listed.stdout + listed.stderr
    assert done.returncode == 2
    assert "uv add --dev tuiflow" in done.stderr
    with project.screen() as terminal:
        terminal.wait("uv add --dev tuiflow")


def test_a_missing_module_names_the_interpreter_that_lacks_it(project: Project):
    project.write("live.py", "import not_installed_anywhere\n" + LIVE)

    with project.screen() as terminal:
        terminal.wait("ModuleNotFoundError")
        terminal.wait(sys.executable.rpartition("/")[2])
