from pathlib import Path

from tuiflow.catalog.burst import Burst

ONE, TWO = Path("one.py"), Path("two.py")


def test_files_of_one_breath_are_told_in_one_line():
    now = 10.0
    burst = Burst(lambda: now)
    assert burst.words("reloaded", ONE, "one.py") == "reloaded one.py"
    assert burst.words("reloaded", ONE, "one.py") == "reloaded one.py"  # saved once more
    now += 1.9
    assert burst.words("reloaded", TWO, "two.py") == "reloaded 2 files"
    now += 2.1
    assert burst.words("reloaded", TWO, "two.py") == "reloaded two.py"


def test_loading_is_another_thing_than_reloading():
    burst = Burst(lambda: 10.0)
    burst.words("loaded", ONE, "one.py")

    assert burst.words("reloaded", TWO, "two.py") == "reloaded two.py"
