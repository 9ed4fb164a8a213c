import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tuiflow.tui.safe_text import safe_line, safe_text

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NASTY = st.text(
    st.sampled_from(
        "\x1b[]()PX^_#%?;:0123456789mhHJcAB\x07\x9b\x9d\x90\x98\x9e\x9f\x9c\\ab\n\t\r\x7f"
    )
    | st.characters(codec=None)
)


def is_harmless(text: str) -> bool:
    return not any(
        (unicodedata.category(char) in {"Cc", "Cs"} and char != "\n") or char in BIDI
        for char in text
    )


@given(NASTY)
def test_no_control_ever_comes_through(text: str):
    assert is_harmless(safe_text(text))


@given(NASTY, st.integers(min_value=1, max_value=60))
def test_a_line_is_one_line_and_never_wider_than_asked(text: str, limit: int):
    line = safe_line(text, limit)

    assert is_harmless(line)
    assert "\n" not in line
    assert cell_len(line) <= limit


@given(NASTY)
def test_safe_text_stays_as_it_is(text: str):
    once = safe_text(text)

    assert safe_text(once) == once


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]52;c;cGF5bG9hZA==\x07copied", "copied"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("\x9d0;title\x9cafter", "after"),
        ("\x1bP1$r q\x1b\\after", "after"),
        ("\x1bcreset", "reset"),
        ("\x1b(0box", "box"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("\x1b", "␛"),
        ("\r\nline\rover", "\nline␍over"),
        ("tab\tbed", "tab    bed"),
        ("a\u202eb", "a‹202e›b"),
        ("\ud800", "‹d800›"),
        ("日本 ✓ é", "日本 ✓ é"),
    ],
)
def test_sequences_are_dropped_and_controls_are_shown(hostile: str, shown: str):
    assert safe_text(hostile) == shown


def test_an_unterminated_sequence_swallows_only_so_much():
    text = "\x1b]52;c;" + "A" * 10_000 + "end"

    assert safe_text(text).endswith("AAAend")


def test_a_line_shows_its_newlines_and_that_it_was_cut():
    assert safe_line("one\ntwo") == "one⏎two"
    assert safe_line("a" * 20, 10) == "aaaaaaaaa…"
    assert safe_line("日本語日本語", 7) == "日本語…"
