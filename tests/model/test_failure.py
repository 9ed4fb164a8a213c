from pathlib import Path

from tuiflow.model.failure import Failure, Frame, describe_exception


class UnprintableError(Exception):
    def __str__(self) -> str:
        raise ValueError


def test_a_failure_is_summed_up_in_its_first_line():
    assert Failure(type="KeyError", message="'EUR'\nmore").summary == "KeyError: 'EUR'"
    assert Failure(type="TimeoutError", message="").summary == "TimeoutError"


def test_a_group_of_one_is_that_one_and_a_group_of_several_keeps_them():
    one, other = KeyError("EUR"), ValueError("no")

    assert describe_exception(ExceptionGroup("g", [ExceptionGroup("h", [one])])).type == "KeyError"
    group = describe_exception(ExceptionGroup("both", [one, other]))
    assert [member.type for member in group.members] == ["KeyError", "ValueError"]


def test_an_exception_that_cannot_be_printed_is_told_all_the_same():
    assert describe_exception(UnprintableError()).message == "<its message raised ValueError>"


def test_the_cause_is_what_was_named_or_being_handled_unless_it_is_hidden():
    named, hidden, handled = ValueError("named"), ValueError("hidden"), ValueError("handled")
    named.__cause__ = KeyError("cause")
    handled.__context__ = hidden.__context__ = KeyError("context")
    hidden.__suppress_context__ = True

    causes = [describe_exception(error).cause for error in (named, handled, hidden)]

    assert [cause.message if cause else None for cause in causes] == ["'cause'", "'context'", None]


def test_a_chain_of_causes_that_leads_back_to_itself_has_each_once():
    one, other = ValueError("one"), KeyError("other")
    one.__cause__, other.__cause__ = other, one

    told = describe_exception(one)

    assert told.cause is not None
    assert (told.message, told.cause.message, told.cause.cause) == ("one", "'other'", None)


def test_of_a_very_long_chain_of_causes_the_first_are_kept():
    error = ValueError(0)
    for number in range(1, 2000):
        following = ValueError(number)
        following.__cause__ = error
        error = following

    told, length = describe_exception(error), 1
    while told.cause is not None:
        told, length = told.cause, length + 1

    assert (told.message, length) == (str(2000 - length), 21)


def test_the_place_of_a_failure_is_the_innermost_line_of_the_folders_own_code(tmp_path: Path):
    own, installed = tmp_path / "flow.py", tmp_path / "venv" / "site-packages" / "lib.py"
    frames = tuple(
        Frame(file=str(file), line=line, function="f")
        for file, line in ((own, 2), (tmp_path / "part.py", 7), (installed, 9), (Path("/x.py"), 11))
    )
    failure = Failure(type="KeyError", message="", frames=frames)

    frame = failure.frame_in(tmp_path)

    assert frame is not None
    assert (Path(frame.file).name, frame.line) == ("part.py", 7)
    assert failure.frame_in(tmp_path / "elsewhere") is None
