from pathlib import Path

import pytest

from tests.supervisor.project import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    return Project(tmp_path)
