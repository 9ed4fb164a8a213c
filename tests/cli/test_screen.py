from pathlib import Path

import pytest

from tests.cli.conftest import Project
from tests.end_to_end.terminal import open_terminal


@pytest.mark.parametrize("words", [(), ("workflows/some.py",)])
def test_without_a_command_the_screen_opens_and_q_leaves_it(
    project: Project, words: tuple[str, ...]
):
    with open_terminal(project.command(*words), cwd=project.folder) as terminal:
        terminal.wait("greeting")
        terminal.press("q")
        assert terminal.wait_exit() == 0


def test_the_demo_opens_on_a_copy_of_the_samples(project: Project, tmp_path: Path):
    environ = {"XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}

    with open_terminal(project.command("demo"), cwd=tmp_path, env=environ) as terminal:
        terminal.wait("monte_carlo")
        terminal.press("q")
        assert terminal.wait_exit() == 0

    assert list(tmp_path.rglob("workflows/data/eu.csv"))
