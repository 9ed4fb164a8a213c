"""What the end-to-end tests share."""

import json
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.end_to_end.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An empty project, whose workers are ended after the test, whatever it did."""
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'mine'\nversion = '1'\n")
    yield Project(tmp_path)
    for process in psutil.process_iter():
        try:
            is_ours = "tuiflow" in " ".join(process.cmdline()) and process.cwd() == str(tmp_path)
        except psutil.Error:
            continue
        if is_ours:
            process.kill()


def worker_pid(project: Project) -> int:
    """The process of the newest run."""
    shown = json.loads(project.run("show", "last", "--json").stdout)
    return int(shown["worker"]["pid"])
