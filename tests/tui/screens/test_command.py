import pytest

from tuiflow.cli.arguments import COMMANDS as CLI_COMMANDS
from tuiflow.errors import InputError
from tuiflow.tui.screens.command import matching, read_line
from tuiflow.tui.screens.commands import COMMANDS

IN_A_SHELL = {"rerun", "torture", "worker", "init"}
"""Verbs about the whole database, or about runs that a key of the screen is for."""


def said(line: str) -> tuple[str, list[str]]:
    command, words = read_line(COMMANDS, line)
    return command.name, list(words)


def test_every_verb_of_the_command_line_is_a_command():
    known = {command.name for command in COMMANDS}

    assert set(CLI_COMMANDS) - known <= IN_A_SHELL


def test_words_in_quotes_are_one():
    assert said("run daily text='two words'") == ("run", ["daily", "text=two words"])


def test_a_filter_is_taken_as_it_stands():
    assert said('events text~"no rate" don\'t') == ("events", ['text~"no rate" don\'t'])


def test_a_word_may_be_cut_short_while_it_is_clear():
    assert said("can last") == ("cancel", ["last"])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("evnts", "there is no command 'evnts'; did you mean events?"),
        ("r", "'r' may be runs or run or resume or reload"),
        ("run", "what follows run is missing: run NAME"),
        ("q now", "nothing follows quit"),
        ("run a 'b", "a quote is still open"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line: str, told: str):
    with pytest.raises(InputError, match=told.replace("?", r"\?")):
        read_line(COMMANDS, line)


def test_the_list_is_searched_by_what_commands_do_too():
    found = matching(COMMANDS, "json lines", by_text=True)

    assert [command.name for command in found] == ["export"]
    # What is called so stands before what only speaks of it.
    assert matching(COMMANDS, "the", by_text=True)[0].name == "theme"
