import pytest
from rich.cells import cell_len

from tests.taping import SECOND, START
from tests.tui import tapes
from tests.tui.widgets.shown import shown
from tuiflow.tui.widgets.paint import fitted, right
from tuiflow.tui.widgets.step_tree import StepTree


@pytest.mark.parametrize("width", [0, 1, 2, 5, 20])
@pytest.mark.parametrize("text", ["", "short", "a longer text than that", "日本語日本語日本語"])
def test_texts_are_made_exactly_as_wide_as_asked(text: str, width: int):
    assert cell_len(fitted(text, width)) == width
    assert cell_len(right(text, width)) == width


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "nord", "textual-light"])
async def test_no_sign_has_the_colour_of_its_row_in_any_theme(theme: str):
    tree = StepTree()
    async with shown(tree) as pilot:
        pilot.app.theme = theme
        tree.show(tapes.branching_tape().state, START + 44 * SECOND)
        await pilot.pause()

        styles = [segment.style for y in range(20) for segment in tree.render_line(y)]
        colours = [(style.color, style.bgcolor) for style in styles if style is not None]
        assert colours
        assert not [front for front, back in colours if front == back and not front.is_default]


async def test_the_row_of_the_cursor_is_one_bar_in_a_terminals_own_colours():
    tree, tape = StepTree(), tapes.branching_tape()
    async with shown(tree) as pilot:
        pilot.app.theme = "ansi-dark"
        tree.show(tape.state, START + 44 * SECOND)
        tree.move_to(tape.path("enrich/currency"))
        await pilot.pause()

        row = tree.render_line(1 + tree.cursor_row - tree.top_row)
        styles = [segment.style for segment in row if segment.style is not None]
        assert "KeyError" in row.text
        assert all(style.reverse for style in styles)
        assert len({(style.color, style.bgcolor) for style in styles}) == 1
