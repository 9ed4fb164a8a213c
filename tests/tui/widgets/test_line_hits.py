import re

from textual.content import Content

from tuiflow.tui.widgets.line_hits import LineHits
from tuiflow.tui.widgets.line_store import CHUNK, LineStore


def numbered(store: LineStore, first: int, end: int) -> None:
    store.extend([Content(f"line {number}") for number in range(first, end)])


def hits_for(text: str, store: LineStore, here: int = 0) -> LineHits:
    hits = LineHits(store)
    hits.want(text)
    hits.add(here, len(store))
    hits.add(0, here)
    return hits


def test_lines_are_looked_through_a_slice_at_a_time_from_where_the_reader_stands():
    store = LineStore()
    numbered(store, 0, 4 * CHUNK)
    hits = hits_for("00", store, here=2 * CHUNK)

    hits.look(0)
    first = list(hits)
    hits.at = 0
    while hits.is_looking:
        hits.look(0)

    assert first == [number for number in range(2 * CHUNK, 3 * CHUNK) if "00" in str(number)]
    assert list(hits) == [number for number in range(4 * CHUNK) if "00" in str(number)]
    assert hits.is_at(first[0])


def test_lines_that_come_at_both_ends_meanwhile_are_looked_through_too():
    store = LineStore()
    numbered(store, 100, 3000)
    hits = hits_for("line 2", store)
    hits.look(0)

    numbered(store, 3000, 3100)
    hits.add(2900, 3000)
    store.prepend([Content(f"line {number}") for number in range(100)])
    hits.shift(100)
    while hits.is_looking:
        hits.look(0)

    assert list(hits) == [n for n in range(3100) if str(n).startswith("2")]


def test_nothing_is_looked_for_any_more_once_something_else_is():
    store = LineStore()
    numbered(store, 0, 2 * CHUNK)
    hits = hits_for("line", store)
    hits.look(0)

    hits.want("")
    hits.add(0, len(store))

    assert not hits.is_looking
    assert (list(hits), hits.at) == ([], -1)


def test_what_is_left_out_of_each_line_is_not_found():
    store = LineStore()
    store.extend([Content(text) for text in ("12:12 a", "12:34 12", "12", "no", "b 1212")])
    store.skip = 6

    assert list(store.matches(re.compile("12"))) == [1]
    assert list(store.matches(re.compile("no|a"))) == [0]
    store.skip = 0
    assert list(store.matches(re.compile("12"))) == [0, 1, 2, 4]


def test_lines_that_were_packed_come_back_as_they_were():
    store, nasty = LineStore(), ["", "ø \ud800 日本", "a\0b", ""]
    for _ in range(20):
        store.extend([Content(text).stylize("bold") for text in nasty * (CHUNK // 4)])

    assert store.texts(0, 4) == ["", "ø \ud800 日本", "a␀b", ""]
    assert [span.style for span in store.content(1).spans] == ["bold"]
