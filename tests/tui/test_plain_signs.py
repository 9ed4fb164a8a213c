import pytest

from tests.opened import open_scene
from tests.scenes import SCENES
from tuiflow.tui.plain_signs import SIGNS, is_wanted


@pytest.mark.parametrize(
    "keys",
    [
        ("2",),
        ("2", "j", "j", "e"),
        ("E",),
        ("x",),
        ("question_mark",),
        ("s", *["tab"] * 4, "enter"),  # with a list of choices open
    ],
)
async def test_with_ascii_every_line_and_sign_of_ours_is_ascii(
    keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TUIFLOW_ASCII", "1")
    async with open_scene(SCENES["running"], (120, 40)) as opened:
        await opened.press(*keys)

        assert opened.text.isascii()
        assert "daily_orders" in opened.text


def test_no_two_states_look_the_same_in_ascii():
    states = "◌▸✓✗⊘⊗↻"

    assert len(set(states.translate(SIGNS))) == len(states)


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, False),
        ({"LANG": "C"}, False),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LC_ALL": "de_DE.utf8@euro"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "de_DE.ISO-8859-1"}, True),
        ({"LANG": "ja_JP.eucJP"}, True),
        ({"LANG": "en_US.UTF-8", "TERM": "linux"}, True),
    ],
)
def test_a_locale_of_another_encoding_and_a_console_ask_for_it(
    environ: dict[str, str], *, wanted: bool
):
    assert is_wanted(environ) is wanted
