import pytest

from tuiflow.tui.outside import UNKNOWN, Outside, Wanted

XTERM = {"TERM": "xterm-256color"}


def test_only_what_differs_is_told_and_the_title_that_was_there_is_kept_once():
    told: list[str] = []
    outside = Outside(told.append, XTERM)

    for title, progress in (("one", None), ("one", UNKNOWN), ("one", UNKNOWN), ("two", 40)):
        outside.show(title, progress)

    assert told == [
        "\x1b[22;2t\x1b]2;one\x07",
        "\x1b]9;4;3;\x07",
        "\x1b]2;two\x07",
        "\x1b]9;4;1;40\x07",
    ]


def test_the_terminal_gets_back_what_it_had_and_only_that():
    outside, last = Outside([].append, XTERM), list[str]()
    outside.leave(last.append)
    assert last == []

    outside.show("one", 40)
    outside.leave(last.append)

    assert last == ["\x1b]9;4;0;\x07", "\x1b[23;2t"]


def test_a_title_is_one_harmless_line():
    told: list[str] = []

    Outside(told.append, XTERM).show("a\x07b\x1b]52;c;eA==\x07\nc" + "x" * 200, None)

    assert told[0].count("\x07") == 1
    assert told[0].count("\x1b") == 2
    assert len(told[0]) < 110


@pytest.mark.parametrize(
    ("environ", "writes"),
    [
        (XTERM, 3),
        ({}, 1),
        ({"TERM": "dumb"}, 1),
        ({"TERM": "linux"}, 1),
        (XTERM | {"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.5.14"}, 2),
        (XTERM | {"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.6.1"}, 3),
    ],
)
def test_a_terminal_is_told_what_it_can_show(environ: dict[str, str], writes: int):
    told: list[str] = []
    outside = Outside(told.append, environ)

    outside.show("one", 40)
    outside.ring()

    assert len(told) == writes


def test_a_person_may_want_none_of_it():
    told: list[str] = []
    outside = Outside(told.append, XTERM)
    outside.allow(Wanted(title=False, progress=False, bell=False))

    outside.show("one", 40)
    outside.ring()
    outside.leave(told.append)

    assert told == []
