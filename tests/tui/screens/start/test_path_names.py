from pathlib import Path

from tuiflow.tui.screens.start.path_names import PathNames


async def test_a_path_is_completed_by_the_names_in_its_folder(tmp_path: Path):
    (tmp_path / "data" / "orders").mkdir(parents=True)
    (tmp_path / "data" / "eu west.csv").touch()
    (tmp_path / "data" / "escaped\x1b[31m").touch()
    (tmp_path / ".hidden").touch()
    names = PathNames(tmp_path)

    assert await names.get_suggestion("da") == "data/"
    assert await names.get_suggestion("data/o") == "data/orders/"
    assert await names.get_suggestion("data/e") == "data/eu west.csv"
    assert await names.get_suggestion("data/es") is None
    assert await names.get_suggestion(".h") == ".hidden"
    assert await names.get_suggestion("nowhere/x") is None
    assert await names.get_suggestion("data\x00/x") is None
    assert await names.get_suggestion("\ud800/x") is None
