import json
from pathlib import Path

import pytest

from tuiflow.model.status import Status
from tuiflow.tui.last_seen import LastSeen, place_of, read_last_seen, write_last_seen
from tuiflow.tui.widgets.run_list import ListRow

SEEN = LastSeen(
    rows=(
        ListRow("workflow:etl", "·", None, "etl", "idle", kind="workflow"),
        ListRow("run:7f3a", "✓", Status.COMPLETED, "7f3a", "00:04", indent=1),
        ListRow("run:7f0c", "✗", Status.ERROR, "7f0c", "00:41", indent=1, note="KeyError: 'EUR'"),
    ),
    cursor="run:7f3a",
    folder="shop",
)


def test_what_was_seen_comes_back_as_it_was(tmp_path: Path):
    place = tmp_path / "deep" / "list.json"

    write_last_seen(place, SEEN)

    assert read_last_seen(place) == SEEN
    assert [file.name for file in place.parent.iterdir()] == ["list.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"rows": 3}',
        '{"rows": [{}], "cursor": "", "folder": ""}',
        '{"rows": [[]], "cursor": "", "folder": ""}',
        json.dumps({"rows": [{"id": "a", "status": "no such"}], "cursor": "", "folder": ""}),
        "\x00\udcff",
    ],
)
def test_a_file_that_cannot_be_read_is_as_good_as_none(tmp_path: Path, text: str):
    place = tmp_path / "list.json"
    place.write_text(text, errors="surrogateescape")

    assert read_last_seen(place) == LastSeen()
    assert read_last_seen(tmp_path / "none") == LastSeen()


def test_a_folder_that_cannot_be_written_is_no_loss(tmp_path: Path):
    (tmp_path / "file").touch()

    write_last_seen(tmp_path / "file" / "list.json", SEEN)

    assert (tmp_path / "file").read_text() == ""


def test_each_folder_and_each_choice_has_a_list_of_its_own():
    asked = [("/a", None), ("/b", None), ("/a", "b"), ("/a\udcff", None)]

    assert len({place_of(*each) for each in asked}) == len(asked)
