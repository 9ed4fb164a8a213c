import json

import pytest
from textual.content import Content

from tests.tui.widgets.shown import lines, shown
from tuiflow.tui.widgets.content_lines import json_lines, text_lines
from tuiflow.tui.widgets.opening import Opening
from tuiflow.tui.widgets.value_pane import ValuePane

ORDER = {"order": {"id": 7, "tags": ["a", "b"]}, "table": {"EUR": 1, "USD": 2}, "empty": {}}


def written(value: object) -> list[Content]:
    return json_lines(json.dumps(value, indent=2))


def seen(pane: ValuePane) -> list[str]:
    return [line.rstrip() for line in lines(pane) if line.strip()]


async def test_h_folds_what_the_cursor_stands_on_and_l_unfolds_it():
    pane = ValuePane()
    async with shown(pane, (60, 20)) as pilot:
        pane.wrap = True
        pane.show(written(ORDER))
        await pilot.press("j", "h")

        assert seen(pane)[:3] == ["{", '  "order": {"id": 7, …1 more},', '  "table": {']
        await pilot.press("l", "j", "j", "h")
        assert seen(pane)[3] == '    "tags": ["a", "b"]'
        await pilot.press("h", "h")
        assert seen(pane)[1] == '  "order": {"id": 7, …1 more},'
        await pilot.press("space")
        assert seen(pane)[3] == '    "tags": ["a", "b"]'


async def test_a_folded_line_tells_how_what_is_in_it_begins_and_how_much_more_there_is():
    rows = [{"sha": "27b88a2", "author": "ann", "files": 3}, {"tags": [1] * 30}, ["x" * 50, 1]]
    pane = ValuePane()
    async with shown(pane, (60, 20)) as pilot:
        pane.show(written(rows))
        await pilot.press("j", "h", "j", "h", "j", "h")

        assert seen(pane) == [
            "[",
            '  {"sha": "27b88a2", "author": "ann", …1 more},',
            "  {…1 key},",
            "  […2 items]",
            "]",
        ]


async def test_folds_stay_while_the_value_stays_and_go_with_it():
    pane = ValuePane()
    async with shown(pane, (60, 20)) as pilot:
        pane.show(written(ORDER))
        await pilot.press("j", "h")
        pane.show([*text_lines("a line above"), *written(ORDER | {"more": 1})], keep_scroll=True)
        assert '  "order": {"id": 7, …1 more},' in seen(pane)

        pane.show(written(ORDER))
        assert '  "order": {' in seen(pane)


async def test_a_long_value_opens_two_levels_and_plus_and_minus_a_level_more_or_less():
    pane = ValuePane()
    async with shown(pane, (60, 20)) as pilot:
        pane.show(written([{"a": {"b": {"c": number}}} for number in range(1200)]))
        assert seen(pane)[:4] == ["[", "  {", '    "a": {…1 key}', "  },"]

        await pilot.press("plus")
        assert seen(pane)[:4] == ["[", "  {", '    "a": {', '      "b": {"c": 0}']
        await pilot.press("minus", "minus", "minus")
        assert seen(pane) == ["[…1 200 items]"]


async def test_what_is_looked_for_is_found_in_what_is_folded_and_stays_unfolded():
    pane = ValuePane()
    async with shown(pane, (60, 12)) as pilot:
        pane.show(written(ORDER))
        await pilot.press("h")
        assert seen(pane) == ["{…3 keys}"]
        await pilot.press("slash", *"USD", "enter")
        await pilot.pause()
        assert '    "USD": 2' in seen(pane)
        await pilot.press("escape")

        assert '    "USD": 2' in seen(pane)


async def test_folded_lines_are_copied_with_what_is_in_them():
    pane = ValuePane()
    async with shown(pane, (60, 20)) as pilot:
        pane.show(written(ORDER))
        await pilot.press("j", "h", "V", "j")

        text = pane.chosen_text or ""
        assert text.startswith('  "order": {\n    "id": 7,')
        assert text.endswith('  },\n  "table": {')
        assert json.loads(pane.whole_text) == ORDER


async def test_a_click_puts_the_cursor_on_a_line_and_another_folds_it():
    pane = ValuePane()
    async with shown(pane, (60, 20)) as pilot:
        pane.show(written(ORDER))
        await pilot.click(pane, offset=(5, 1))
        assert seen(pane)[1] == '  "order": {'
        await pilot.click(pane, offset=(5, 1))

        assert seen(pane)[1] == '  "order": {"id": 7, …1 more},'


async def test_lines_without_folds_scroll_as_ever():
    pane = ValuePane()
    async with shown(pane, (60, 8)) as pilot:
        pane.show(text_lines("\n".join(f"line {number}" for number in range(50))))
        await pilot.press("j", "j", "h", "space")

        assert lines(pane)[0].strip() == "line 2"


@pytest.mark.parametrize("cut", range(2, 60, 7))
def test_text_that_breaks_off_can_be_folded_too(cut: int):
    text = json.dumps(ORDER, indent=2)[:cut]
    folds = [line for line in json_lines(text) if isinstance(line, Opening)]

    assert all(line.inside > 0 for line in folds)
    assert [line.plain for line in json_lines(text)] == text.splitlines()


async def test_levels_of_what_has_none_change_nothing_also_where_a_value_stood_before():
    pane = ValuePane()
    async with shown(pane, (60, 20)) as pilot:
        await pilot.press("plus", "minus", "space")
        pane.show(written(ORDER))
        await pilot.press("G")
        pane.show(text_lines("still being written"), keep_scroll=True)
        await pilot.press("plus", "minus", "space", "j")

        assert seen(pane) == ["still being written"]


async def test_a_long_value_that_comes_while_its_pane_is_looked_at_is_as_folded_as_any():
    long = {str(number): {"a": {"b": {"c": number}}} for number in range(20)}
    at_once, later = ValuePane(), ValuePane()
    async with shown(at_once, (60, 20)):
        at_once.show(written(long))
        whole = seen(at_once)
    async with shown(later, (60, 20)):
        later.show(text_lines("Still running."))
        later.show(written(long), keep_scroll=True)

        assert seen(later) == whole
