import re
import tracemalloc

import pytest
from textual.content import Content
from textual.geometry import Offset
from textual.selection import Selection
from textual.widgets import Static

from tests.tui.widgets.shown import lines, shown
from tests.waiting import until
from tuiflow.tui.widgets import line_view
from tuiflow.tui.widgets.content_lines import text_lines
from tuiflow.tui.widgets.line_pane import LinePane
from tuiflow.tui.widgets.line_store import CHUNK, LineStore


def numbered(first: int, end: int) -> list[Content]:
    return text_lines("\n".join(f"line {number}" for number in range(first, end)))


async def test_keys_scroll_and_the_end_follows():
    pane = LinePane()
    async with shown(pane, (40, 10)) as pilot:
        pane.show(numbered(0, 100))
        await pilot.press("j", "j", "k")
        assert lines(pane)[0].strip() == "line 1"
        await pilot.press("ctrl+d")
        assert lines(pane)[0].strip() == "line 5"
        await pilot.press("G")
        assert pane.follow
        assert lines(pane)[-1].strip() == "line 99"
        await pilot.press("g")
        assert not pane.follow
        assert lines(pane)[0].strip() == "line 0"


async def test_a_pane_that_follows_shows_what_comes_and_one_scrolled_up_stays():
    pane = LinePane()
    async with shown(pane, (40, 10)) as pilot:
        pane.show(numbered(0, 100))
        pane.follow = True
        pane.append(numbered(100, 110))
        assert lines(pane)[-1].strip() == "line 109"

        await pilot.press("k", "k")
        seen = lines(pane)
        pane.append(numbered(110, 152))

        assert not pane.follow
        assert lines(pane) == seen
        assert pane.border_subtitle == "42 new below · G end"

        await pilot.press("G")
        assert pane.follow
        assert not pane.border_subtitle


async def test_scrolling_back_to_the_end_follows_again_but_not_after_f():
    pane = LinePane()
    async with shown(pane, (40, 10)) as pilot:
        pane.show(numbered(0, 100))
        pane.follow = True
        await pilot.press("k", "j")
        assert pane.follow
        await pilot.press("f", "k", "j")
        assert not pane.follow


async def test_a_hidden_pane_goes_on_following_what_it_is_given():
    pane = LinePane()
    async with shown(pane, (40, 10)) as pilot:
        pane.follow = True
        pane.show(numbered(0, 100))
        pane.display = False
        await pilot.pause()
        pane.display = True
        pane.show(numbered(0, 60))  # the page has not been laid out yet
        await pilot.pause()

        assert pane.follow
        assert lines(pane)[-1].strip() == "line 59"


async def test_older_lines_come_in_above_and_move_nothing_that_is_seen():
    pane = LinePane()
    async with shown(pane, (40, 10)) as pilot:
        pane.wrap = True
        pane.show(numbered(3000, 3100))
        pane.has_older = True
        await pilot.press("j", "j", "k")
        await pilot.pause()
        seen = lines(pane)
        assert pane.wants_older

        pane.prepend(numbered(0, 3000), has_older=False)

        assert lines(pane) == seen
        assert not pane.wants_older
        await pilot.press("g")
        assert lines(pane)[0].strip() == "line 0"


async def test_the_top_is_the_oldest_line_there_is_however_many_pages_away():
    pane = LinePane()
    async with shown(pane, (40, 10)) as pilot:
        pane.show(numbered(200, 300))
        pane.has_older = True
        await pilot.press("G", "g")
        assert pane.wants_older
        pane.prepend(numbered(100, 200), has_older=True)
        assert pane.wants_older
        pane.prepend(numbered(0, 100), has_older=False)

        assert lines(pane)[0].strip() == "line 0"


async def test_text_is_found_and_counted_and_n_goes_round():
    pane = LinePane()
    async with shown(pane, (60, 10)) as pilot:
        pane.show(numbered(0, 100))
        await pilot.press("slash", *"E 9")
        await pilot.pause()
        assert "no hit" in str(pane.border_subtitle)
        await pilot.press("backspace", "backspace", "backspace", *"line 9", "enter")
        await pilot.pause()

        assert pane.border_subtitle == "/line 9 1/11 · n N · esc ends"
        await pilot.press("n")
        assert "line 90" in "".join(lines(pane))
        assert "2/11" in str(pane.border_subtitle)
        await pilot.press("N", "N")
        assert "11/11" in str(pane.border_subtitle)
        pane.append(numbered(900, 902))
        assert "/13" in str(pane.border_subtitle)
        await pilot.press("escape")
        assert not pane.border_subtitle


async def test_hits_in_older_lines_are_counted_when_they_are_read():
    pane = LinePane()
    async with shown(pane, (60, 10)):
        pane.show(numbered(100, 200))
        pane.has_older = True

        assert pane.find("line 1") == "1/100…"
        assert pane.wants_older
        pane.prepend(numbered(0, 100), has_older=False)

        assert str(pane.border_subtitle).startswith("/line 1 12/111 ")


async def test_keys_go_on_while_many_lines_are_looked_through(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(line_view, "_SLICE", 0)
    pane = LinePane()
    async with shown(pane, (80, 10)) as pilot:
        pane.show(numbered(0, 12 * CHUNK))

        assert pane.find("9") == "1/273…"
        await pilot.press("n", "n", "n")
        assert "/9 4/" in str(pane.border_subtitle)
        await until(lambda: "…" not in str(pane.border_subtitle))

        count = sum("9" in str(number) for number in range(12 * CHUNK))
        assert f"4/{count:,} ".replace(",", " ") in str(pane.border_subtitle)


async def test_a_search_ends_with_escape_and_with_another_text(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(line_view, "_SLICE", 0)
    pane = LinePane()
    async with shown(pane, (80, 10)) as pilot:
        pane.show(numbered(0, 12 * CHUNK))
        await pilot.press("slash", "9")
        await until(lambda: "/9 1/" in str(pane.border_subtitle))
        await pilot.press("ctrl+u", *"line 12287")
        await until(lambda: "/line 12287 1/1 " in str(pane.border_subtitle))

        pane.find("9")
        assert pane.find("") == ""
        await pilot.pause(0.05)

        assert not pane.border_subtitle


async def test_the_line_that_takes_a_text_counts_on_while_it_is_looked_for(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(line_view, "_SLICE", 0)
    pane = LinePane()
    async with shown(pane, (80, 10)) as pilot:
        pane.show(numbered(0, 12 * CHUNK))
        await pilot.press("slash", *"line 4")
        count = sum(str(number).startswith("4") for number in range(12 * CHUNK))

        said = f"1/{count:,}".replace(",", " ")
        await until(lambda: said in str(pilot.app.screen.query_one("#find", Static).content))


async def test_long_lines_wrap_and_the_same_line_stays_on_top():
    pane = LinePane()
    async with shown(pane, (42, 10)) as pilot:
        pane.show([Content(f"{number} " + "x" * 60) for number in range(50)])
        await pilot.press("j", "j", "j")
        assert lines(pane)[0].strip().endswith("›")

        await pilot.press("w")
        assert pane.wrap
        assert lines(pane)[0].startswith("3 xxx")
        assert set(lines(pane)[1].strip()) == {"x"}
        await pilot.press("w")
        assert lines(pane)[0].startswith("3 xxx")


async def test_text_can_be_selected_across_lines():
    pane = LinePane()
    async with shown(pane, (40, 10)):
        pane.show(numbered(0, 20))

        assert pane.get_selection(Selection(Offset(2, 1), Offset(4, 3))) == (
            "ne 1\nline 2\nline",
            "\n",
        )
        assert pane.get_selection(Selection(Offset(1, 1), Offset(3, 1))) == ("in", "\n")
        everything = pane.get_selection(Selection(None, None))
        assert everything is not None
        assert everything[0].endswith("line 19")


async def test_the_mouse_selects_what_it_is_drawn_over():
    pane = LinePane()
    async with shown(pane, (40, 10)) as pilot:
        pane.show(numbered(0, 20))
        await pilot.pause()
        await pilot.mouse_down(pane, offset=(1, 1))
        await pilot.hover(pane, offset=(5, 2))
        await pilot.mouse_up(pane, offset=(5, 2))
        await pilot.pause()

        # The character under the pointer counts.
        assert pane.screen.get_selected_text() == "line 1\nline "


async def test_wide_characters_wrap_without_losing_any():
    pane = LinePane()
    async with shown(pane, (13, 10)):
        pane.wrap = True
        pane.show([Content("日本語" * 5)])

        assert "".join(line.strip() for line in lines(pane)) == "日本語" * 5


def test_a_store_gives_back_what_it_was_given():
    store = LineStore()
    given = [Content.assemble("a", ("b", "bold"), ("c", "$error")), Content("plain")]

    store.extend(given)

    assert [store.content(line).spans for line in range(2)] == [line.spans for line in given]
    assert [store.text(line) for line in range(2)] == ["abc", "plain"]
    assert store.widest == 5


def test_a_store_keeps_every_line_and_gives_it_back_from_anywhere():
    store = LineStore()
    newer = [Content.assemble(("日本", "bold"), f" {number}") for number in range(20 * CHUNK)]

    store.extend(newer)
    store.prepend(numbered(0, 5000))
    store.extend([Content("last")])

    assert len(store) == 5000 + 20 * CHUNK + 1
    for line in (0, 4999, 1024, 2048):
        assert store.text(line) == f"line {line}"
    for line in (0, 7 * CHUNK, 20 * CHUNK - 1):
        assert store.content(5000 + line).is_same(newer[line])
    assert store.text(len(store) - 1) == "last"
    assert list(store.matches(re.compile("line 42.9"))) == [4209, 4219, *range(4229, 4300, 10)]


def test_lines_nobody_looks_at_take_little_memory():
    store = LineStore()
    for start in range(0, 50_000, 5000):
        store.extend(numbered(start, start + 5000))

    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for start in range(50_000, 100_000, 5000):
        store.extend(numbered(start, start + 5000))
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (after - before) / 50_000 < 40  # bytes a line; one Python string alone takes more
