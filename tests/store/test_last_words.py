import tempfile
from pathlib import Path

import pytest

from tuiflow.model.ids import RunId
from tuiflow.store import forget_last_words, open_last_words, read_last_words


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return tmp_path


def test_what_the_process_of_an_earlier_episode_says_is_not_taken_for_the_next_ones(folder: Path):
    run_id = RunId("again")
    old = open_last_words(run_id)
    assert old is not None
    old.write(b"run again was ended by somebody else\n")

    new = open_last_words(run_id)

    assert new is not None
    with old, new:
        new.write(b"the disk is full\n")
        old.write(b"and is no more\n")
    assert read_last_words(run_id) == "the disk is full\n"


@pytest.mark.parametrize(
    "run_id", ["../notes.txt", "../../notes.txt", "{folder}/notes.txt", "..", "a\0b", "x" * 5000]
)
def test_a_run_whose_id_is_a_path_reads_and_deletes_nothing_of_it(folder: Path, run_id: str):
    notes = [folder / "notes.txt", folder / "temporary" / "notes.txt"]
    for file in notes:
        file.write_text("mine")
    chosen = RunId(run_id.format(folder=folder))

    said = open_last_words(chosen)

    if said is not None:
        with said:
            said.write(b"it ended\n")
    assert read_last_words(chosen) == ("it ended\n" if said is not None else "")
    forget_last_words(chosen)
    assert read_last_words(chosen) == ""
    assert [file.read_text() for file in notes] == ["mine", "mine"]
