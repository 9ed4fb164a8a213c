from pathlib import Path

import pytest

from tuiflow.catalog import loads
from tuiflow.catalog.loads import Loads

ONE, OTHER = Path("one.py"), Path("other.py")


def test_files_loaded_in_one_moment_are_counted_and_later_ones_named(
    monkeypatch: pytest.MonkeyPatch,
):
    said = Loads()
    assert said.words("loaded", ONE, "one.py (1 workflow)") == "loaded one.py (1 workflow)"
    assert said.words("loaded", ONE, "one.py (no workflows)") == "loaded one.py (no workflows)"
    assert said.words("loaded", OTHER, "other.py (1 workflow)") == "loaded 2 files"
    assert said.words("reloaded", OTHER, "other.py (1 workflow)").startswith("reloaded other")
    monkeypatch.setattr(loads, "BURST", -1)

    assert said.words("reloaded", ONE, "one.py (1 workflow)").startswith("reloaded one.py")
