import sys
from pathlib import Path

from tuiflow.settings import Settings
from tuiflow.supervisor import choose_python


def environment(folder: Path) -> Path:
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return python


def test_the_set_interpreter_comes_first_then_the_active_then_the_nearest(tmp_path: Path):
    project = tmp_path / "repository" / "project"
    project.mkdir(parents=True)
    active = environment(tmp_path / "active")
    environ = {"VIRTUAL_ENV": str(tmp_path / "active")}

    assert choose_python(Settings(), project, environ={}) == Path(sys.executable)
    above = environment(tmp_path / "repository" / ".venv")
    assert choose_python(Settings(), project, environ={}) == above
    nearest = environment(project / ".venv")
    assert choose_python(Settings(), project, environ={}) == nearest
    assert choose_python(Settings(), project, environ=environ) == active
    assert choose_python(Settings(python=Path("env/py")), project) == project / "env/py"


def test_an_active_environment_that_was_deleted_is_passed_over(tmp_path: Path):
    environ = {"VIRTUAL_ENV": str(tmp_path / "gone")}

    assert choose_python(Settings(), tmp_path, environ=environ) == Path(sys.executable)


def test_a_bare_name_is_looked_up_on_the_path(tmp_path: Path):
    assert choose_python(Settings(python=Path("sh")), tmp_path).is_absolute()


def test_an_active_environment_that_cannot_be_looked_at_is_passed_over(tmp_path: Path):
    environ = {"VIRTUAL_ENV": f"/{'x' * 300}"}  # refused by the system, as one in another's home

    assert choose_python(Settings(), tmp_path, environ=environ) == Path(sys.executable)
