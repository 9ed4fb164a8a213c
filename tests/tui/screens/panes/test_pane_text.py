from dataclasses import replace

from tuiflow.service.contents import ContentText
from tuiflow.tui.screens.panes.pane_text import content_lines

WHOLE = ContentText("[7]", "json", size=3, shown=3, is_whole=True)


def test_below_a_value_stand_its_class_and_what_is_not_shown_of_it():
    assert below(WHOLE) == []
    assert below(replace(WHOLE, type="Orders")) == ["", "Orders"]
    part = replace(WHOLE, type="Orders", size=2048, is_whole=False)
    assert below(part) == ["", "Orders · 2.0 KB · showing 3 B · v opens all"]
    lost = replace(part, is_restorable=False)
    assert below(lost) == ["", "Orders · has no stored form, a resumed run makes it again"]
    assert below(replace(WHOLE, type="Or\x1b[2Jders")) == ["", "Orders"]


def below(content: ContentText) -> list[str]:
    return [line.plain for line in content_lines(content)[1:]]
