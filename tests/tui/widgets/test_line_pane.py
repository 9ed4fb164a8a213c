import pytest
from textual.content import Content
from textual.geometry import Offset
from textual.selection import Selection

from tests.tui.widgets.shown import lines, shown
from tuiflow.tui.widgets.content_lines import text_lines
from tuiflow.tui.widgets.line_pane import LinePane
from tuiflow.tui.widgets.line_store import LineStore, Wrapping


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
        pane.border_subtitle = Content("v open")
        pane.show(numbered(0, 100))
        pane.follow = True
        pane.append(numbered(100, 110))
        assert lines(pane)[-1].strip() == "line 109"

        await pilot.press("k", "k")
        seen = lines(pane)
        pane.append(numbered(110, 152))

        assert not pane.follow
        assert lines(pane) == seen
        assert pane.unread_count == 42
        assert pane.border_subtitle == "42 new below · G end"

        await pilot.press("G")
        assert pane.follow
        assert pane.unread_count == 0
        assert pane.border_subtitle == "v open"


async def test_scrolling_back_to_the_end_follows_again_but_not_after_f():
    pane = LinePane()
    async with shown(pane, (40, 10)) as pilot:
        pane.show(numbered(0, 100))
        pane.follow = True
        await pilot.press("k", "j")
        assert pane.follow
        await pilot.press("f", "k", "j")
        assert not pane.follow


async def test_lines_let_go_at_the_top_move_nothing_that_is_seen():
    pane = LinePane()
    pane._store.most = 1000
    async with shown(pane, (40, 10)) as pilot:
        pane.show(numbered(0, 1000))
        pane._scroll_rows(990)
        await pilot.pause()
        seen = lines(pane)

        pane.append(numbered(1000, 1400))
        await pilot.pause()

        assert pane.dropped_count > 0
        assert lines(pane) == seen


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


def test_a_store_keeps_the_newest():
    store = LineStore(most=100)

    for start in range(0, 1000, 10):
        store.extend(numbered(start, start + 10))

    assert len(store) <= 100
    assert store.text(len(store) - 1) == "line 999"
    assert store.dropped + len(store) == 1000


@pytest.mark.parametrize("width", [1, 7, 80])
def test_wrapping_knows_which_line_a_row_belongs_to(width: int):
    wrapping = Wrapping(width)
    wrapping.extend(["", "a" * 20, "日本語", "end"])

    rows = [wrapping.line_at(row) for row in range(wrapping.row_count)]

    assert rows[0] == (0, 0)
    assert [row for row in range(len(rows)) if rows[row][1] == 0] == [
        wrapping.first_row(line) for line in range(4)
    ]
