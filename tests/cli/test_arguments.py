from pathlib import Path

import pytest

from tuiflow.cli.arguments import COMMANDS, parse_arguments


def parse(line: str):
    return parse_arguments(line.split())


def refused(line: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as left:
        parse(line)
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("tuiflow: ")
    assert told.count("\n") == 1
    return told


def test_no_words_open_the_screen():
    assert parse("").command == "screen"
    assert parse("").target is None


def test_a_folder_that_exists_opens_the_screen_on_it(tmp_path: Path):
    assert parse(str(tmp_path)).target == tmp_path
    assert parse(f"{tmp_path} --db x.db").db == "x.db"
    assert parse(f"--db x.db {tmp_path}").command == "screen"


def test_common_options_stand_before_or_after_the_command():
    before = parse("--db a.db --folder flows --python py run x")
    after = parse("run x --db a.db --folder flows --python py")

    assert before == after
    assert (after.db, after.target, after.python) == ("a.db", Path("flows"), Path("py"))


def test_options_stand_anywhere_among_the_words_of_run():
    given = parse("run x a=1 --json b=2 --detach c=3 --data k=1 l=2")

    assert given.words == ["a=1", "b=2", "c=3"]
    assert given.data == ["k=1", "l=2"]
    assert given.json
    assert given.detach


def test_a_negative_value_and_a_lone_dash_are_words():
    assert parse("run x a=-1").words == ["a=-1"]
    assert parse("run x -").words == ["-"]
    assert parse("run x --input -").input == "-"


def test_a_mistyped_command_names_the_nearest_one(capsys: pytest.CaptureFixture[str]):
    assert "did you mean `tuiflow run`?" in refused("rnu x", capsys)


@pytest.mark.parametrize("line", ["run", "show", "events", "cancel", "runs --limit 0", "--nope"])
def test_what_cannot_be_read_is_one_sentence(line: str, capsys: pytest.CaptureFixture[str]):
    refused(line, capsys)


@pytest.mark.parametrize("text", ["many", "0", "-3", "1.5", "", "9" * 30, "9" * 5000])
def test_what_is_no_number_of_kills_is_said_with_what_is(
    text: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit):
        parse_arguments(["torture", "flow.py", f"--kills={text}"])

    assert f"argument --kills: {text!r} is no whole number from 1 up" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        parse(f"{command} --help")

    assert left.value.code == 0
    assert f"usage: tuiflow {command}" in capsys.readouterr().out


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        parse("--help")

    told = capsys.readouterr().out
    assert all(f"  {command} " in told for command in COMMANDS)


def test_what_was_pasted_is_not_given_back_to_the_terminal_raw(capsys: pytest.CaptureFixture[str]):
    assert "--no (see" in refused("resume last --no\x1b[2J", capsys)
