from textual.content import Content

from tests.taping import Tape
from tests.tui.widgets.shown import lines, shown
from tuiflow.tui.widgets.log_lines import log_lines
from tuiflow.tui.widgets.log_pane import LogPane


async def test_t_hides_the_times_of_a_log_from_sight_search_and_copies():
    pane, tape = LogPane(), Tape("w")
    for number in range(3):
        tape.say("a", number, f"日本 line {number} " + "x" * 60)
    async with shown(pane, (60, 10)) as pilot:
        pane.wrap = True
        pane.show(log_lines(tape.events))
        times = lines(pane)[0].split()[0]
        assert times.count(":") == 2
        await pilot.press("t")

        assert lines(pane)[0].lstrip().startswith("日本 line 0")
        assert times not in pane.whole_text
        assert pane.find(times) == "no hit"
        assert pane.find("line 2") == "1/1"
        await pilot.press("escape", "t")
        assert lines(pane)[0].startswith(times)
        await pilot.press("t")
        pane.tell(Content("It logged nothing."))
        assert lines(pane)[0].strip() == "It logged nothing."


def test_a_long_line_and_a_long_text_say_how_much_of_them_is_not_there():
    tape = Tape("w")
    tape.say("a", 0, "x" * 5000)
    tape.say("a", 1, "\n".join(["short"] * 200_000))
    written = log_lines(tape.events)

    assert written[0].plain.endswith("… 4.0 KB more in this line")
    assert written[-1].plain.strip() == "… 1.1 MB more of this: v opens all of it"
