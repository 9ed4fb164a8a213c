"""Lists in the start form: rows of values and of models, more and fewer of them."""

from unittest import mock

from textual.events import Paste
from textual.widget import Widget

from tests.opened import Opened, open_scene
from tests.scenes import SCENES
from tuiflow.service.filling import MOST_BOXES
from tuiflow.tui.screens.start.list_row import ListRow

LISTS = SCENES["lists"]


async def command_of(opened: Opened) -> str:
    await opened.press("ctrl+y")
    await opened.wait_for("copied ")
    return (opened.service.database.parent / "copied.txt").read_text()


def lines_with(text: str, words: str) -> list[str]:
    return [line for line in text.splitlines() if words in line]


async def test_a_list_stands_in_rows_and_a_key_adds_or_takes_out_where_one_is():
    async with open_scene(LISTS, (80, 30)) as opened:
        await opened.press("s")
        text = await opened.wait_for("1  EUR")
        assert "2  GBP" in text

        await opened.press("ctrl+n", *"USD")
        text = await opened.wait_for("2  USD")
        assert "3  GBP" in text
        await opened.press("tab", "ctrl+t")
        assert "GBP" not in await opened.wait_for("2  USD")
        await opened.press("ctrl+t", "ctrl+t", "ctrl+t")
        await opened.wait_gone("EUR")

        assert " currencies= " in await command_of(opened)


async def test_typing_below_the_last_row_begins_one_more_and_empty_rows_are_not_there():
    async with open_scene(LISTS, (80, 30)) as opened:
        await opened.press("s", "tab", "tab")
        await opened.wait_for("+  one more text   ctrl+n · ctrl+t takes one out")
        await opened.type("C")
        await opened.wait_for("3  C")
        await opened.type("HF")
        await opened.wait_for("3  CHF")
        await opened.press("ctrl+n")

        assert "currencies=EUR, GBP, CHF" in await command_of(opened)


async def test_a_model_in_a_list_has_its_fields_and_what_does_not_fit_is_said_under_them():
    async with open_scene(LISTS, (80, 40)) as opened:
        await opened.press("s", "tab", "tab", "tab")
        text = await opened.wait_for("1  name *")
        assert len(lines_with(text, "counters")) == 2

        await opened.press("ctrl+n", *"Lille", "tab", "x")
        text = await opened.wait_for("expected a whole number, such as 42")
        assert "2  name *" in text
        assert "3  name *" in text
        await opened.press("backspace", "2")

        command = await command_of(opened)
        assert '{"name": "Lille", "counters": 2, "is_open": true}' in command


async def test_an_error_in_a_list_names_the_row_as_it_is_numbered():
    async with open_scene(LISTS, (80, 40)) as opened:
        await opened.press("s", "tab", "tab", "tab", "ctrl+n", "tab", "x", "enter")

        await opened.wait_for("✗ shops › 2 › counters: expected a whole number")


async def test_a_list_has_a_row_for_each_pasted_line_and_a_long_one_is_a_text():
    async with open_scene(LISTS, (80, 40)) as opened:
        await opened.press("s")
        opened.app.post_message(Paste("CHF\r\nSEK\n"))
        await opened.wait_for("3  SEK")

        await opened.press("ctrl+n")
        opened.app.post_message(Paste("\n".join(f"c{n}" for n in range(MOST_BOXES))))
        text = await opened.wait_for("c39")
        assert "+  one more text" not in text.partition("shops")[0]
        assert "c39" in await command_of(opened)


async def test_the_sign_behind_a_row_takes_it_out():
    async with open_scene(LISTS, (80, 30)) as opened:
        await opened.press("s")
        await opened.wait_for("2  GBP")
        await opened.pilot.click(".minus")
        await opened.settle()

        await opened.wait_gone("EUR")
        assert "1  GBP" in opened.text

        row = opened.app.screen.query(ListRow).first()
        for _ in range(2):  # clicked twice on a busy machine
            row.post_message(ListRow.TakenOut(row))
        assert "GBP" not in await opened.wait_for(" currencies= ")


async def test_typing_what_fits_lays_nothing_out_again():
    laid_out: list[Widget] = []
    refresh = Widget.refresh

    def noting(widget: Widget, *regions: object, **how: bool) -> Widget:
        if how.get("layout"):
            laid_out.append(widget)
        return refresh(widget, *regions, **how)  # type: ignore[arg-type]

    async with open_scene(LISTS, (80, 40)) as opened:
        await opened.press("s", "end")
        with mock.patch.object(Widget, "refresh", noting):
            await opened.type("abc")
            assert "EURabc" in opened.text

        assert laid_out == []
