from itertools import pairwise

import pytest
from textual.content import Content

from tuiflow.tui.widgets.line_store import LineStore
from tuiflow.tui.widgets.wrapping import Wrapping, fold_words


@pytest.mark.parametrize(
    ("width", "rows"),
    [
        (5, ["a few ", "words", ", and", "  ind", "ent", "  日", "本 語"]),
        (80, ["a few words, and", "  indent", "  日本 語"]),
        (3, ["a f", "ew ", "wor"]),
    ],
)
def test_text_is_folded_between_words_and_inside_those_that_are_too_long(
    width: int, rows: list[str]
):
    folded = list[str]()
    for text in ("a few words, and", "  indent", "  日本 語"):
        points = fold_words(text, width)
        folded += [text[a:b] for a, b in pairwise([*points, len(text)])]

    assert folded[: len(rows)] == rows


@pytest.mark.parametrize("by_words", [False, True])
@pytest.mark.parametrize("width", [1, 7, 80])
def test_wrapping_knows_which_line_a_row_belongs_to(width: int, by_words: bool):
    store = LineStore()
    store.extend([Content(text) for text in ("", "a" * 20, "日本語", "a few words more", "end")])
    wrapping = Wrapping(store, width, by_words=by_words)

    rows = [wrapping.line_at(row) for row in range(wrapping.row_count)]

    assert rows[0] == (0, 0)
    assert [row for row in range(len(rows)) if rows[row][1] == 0] == [
        wrapping.first_row(line) for line in range(5)
    ]
