from pathlib import Path

import pytest

from tests.opened import open_scene
from tests.scenes import SCENES


async def test_a_pager_or_editor_that_is_no_command_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PAGER", 'less "')
    monkeypatch.setenv("EDITOR", "vi '")
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        await opened.press("j", "o", "v")
        await opened.wait_for("$PAGER is no command: No closing quotation")
        await opened.press("a", "v")
        await opened.wait_for("$EDITOR is no command: No closing quotation")
        await opened.press("s", "f4")

        await opened.wait_for("✗ $EDITOR is no command")


async def test_where_no_file_can_be_written_for_them_the_screen_says_so_and_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
        await opened.press("j", "o", "v")
        await opened.wait_for("! 16:02:11 no file for the pager")
        await opened.press("s", "f4")

        await opened.wait_for("✗ no file for the editor")
