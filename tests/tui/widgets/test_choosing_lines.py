from tests.tui.widgets.shown import lines, shown
from tuiflow.tui.widgets.content_lines import text_lines
from tuiflow.tui.widgets.line_pane import LinePane


async def test_whole_lines_are_chosen_with_the_keys_that_move():
    pane = LinePane()
    async with shown(pane, (60, 10)) as pilot:
        pane.show(text_lines("\n".join(f"line {number}" for number in range(100))))
        await pilot.press("j", "V", "j", "j")

        assert pane.chosen_text == "line 1\nline 2\nline 3"
        assert pane.border_subtitle == "3 lines · y copies · esc ends"
        await pilot.press("k", "k", "k")
        assert pane.chosen_text == "line 0\nline 1"
        await pilot.press("G")
        assert lines(pane)[-1].strip() == "line 99"
        assert pane.chosen_text is not None
        assert pane.chosen_text.endswith("line 99")
        await pilot.press("escape")
        assert pane.chosen_text is None
        assert not pane.border_subtitle


async def test_chosen_lines_stay_chosen_when_older_ones_come_in_above():
    pane = LinePane()
    async with shown(pane, (60, 10)) as pilot:
        pane.show(text_lines("five\nsix\nseven"))
        await pilot.press("V", "j")
        pane.prepend(text_lines("three\nfour"), has_older=False)

        assert pane.chosen_text == "five\nsix"
