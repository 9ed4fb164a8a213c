import json

from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from tests.taping import START, Tape
from tests.tui import tapes
from tests.tui.test_safe_text import NASTY, is_harmless
from tuiflow.model import events as ev
from tuiflow.model.failure import Failure, Frame
from tuiflow.model.ids import NodePath
from tuiflow.model.run_event import LogLevel
from tuiflow.tui.widgets.content_lines import (
    failure_lines,
    json_lines,
    log_lines,
    text_lines,
)
from tuiflow.tui.widgets.log_lines import coloured_lines
from tuiflow.tui.widgets.markdown_lines import markdown_lines
from tuiflow.tui.widgets.opening import Opening


def styled(lines: list, word: str) -> str:
    for line in lines:
        at = line.plain.find(word)
        for start, end, style in line.spans if at >= 0 else ():
            if start <= at < end:
                return str(style)
    return ""


def log(text: str, level: LogLevel = "info", seq: int = 1) -> ev.StepLogEvent:
    return ev.StepLogEvent(
        node_path=NodePath("w/a"), at=START + 123_000, seq=seq, text=text, level=level
    )


def test_json_is_coloured_by_what_a_word_is():
    value = {"key": "text", "count": -1.5e3, "yes": True, "none": None, "a:b": 'quo"te'}
    text = json.dumps(value, indent=2)

    lines = json_lines(text)

    assert "\n".join(line.plain for line in lines) == text
    assert styled(lines, '"key"') == styled(lines, '"a:b"') == "$accent"
    assert styled(lines, '"text"') == "$success"
    assert styled(lines, "-1500.0") == "$warning"
    assert styled(lines, "true") == styled(lines, "null") == "$secondary"


def test_json_that_breaks_off_is_still_coloured():
    lines = json_lines('{\n  "key": "half a val')

    assert styled(lines, '"half') == "$success"


def test_a_line_too_long_to_draw_says_how_much_is_missing():
    lines = text_lines("a" * 10_000)

    assert lines[0].plain.endswith("… 6.0 KB more in this line")


def test_markdown_keeps_its_text_and_shows_its_shape():
    text = "# Title\n- one\n\nsome `code` and **strong**\n```python\nx = 1\n```\nend"

    lines = markdown_lines(text)

    assert "\n".join(line.plain for line in lines) == text
    assert styled(lines, "Title") == "bold $accent"
    assert styled(lines, "x = 1") == styled(lines, "`code`") == "$primary"
    assert styled(lines, "**strong**") == "bold"


def test_the_cells_of_a_table_stand_in_line_as_its_dashes_say():
    text = "| a | much |\n|---|--:|\n| `x` | 9 728 |\n| 日本 | 7 | more |\n| y\\|z\n\n| no table |"

    lines = markdown_lines(text)

    assert [line.plain for line in lines] == [
        "| a    |  much |",
        "|------|------:|",
        "| `x`  | 9 728 |",
        "| 日本 |     7 | more |",
        "| y\\|z |       |",
        "",
        "| no table |",
    ]
    assert styled(lines, "much") == "bold"
    assert styled(lines, "`x`") == "$primary"
    assert markdown_lines("\n".join(line.plain for line in lines)) == lines


def seen(lines: list[Content]) -> list[str]:
    """What is not folded at first."""
    texts: list[str] = []
    hidden = 0
    for line in lines:
        if not hidden:
            texts.append(line.plain)
        hidden = line.inside if isinstance(line, Opening) and line.is_aside else max(hidden - 1, 0)
    return texts


def test_a_failure_shows_the_failing_line_first_and_folds_our_own_frames():
    source = {
        ("/proj/flows/etl/daily.py", 88): [
            (87, "    # filled by fetch_rates"),
            (88, '    rate = table[order["ccy"]]'),
        ]
    }

    lines = failure_lines(tapes.KEY_ERROR, source=source, folder="/proj")

    assert seen(lines) == [
        "KeyError: 'EUR'",
        "",
        "  flows/etl/daily.py:88  in currency",
        "      87      # filled by fetch_rates",
        '    ▸ 88      rate = table[order["ccy"]]',
        "  … 1 frame of tuiflow",
        "  flows/etl/daily.py:12  in enrich",
        "      rates(order)",
    ]


def test_of_a_failure_in_a_library_its_last_frame_and_the_authors_own_are_seen():
    installed = "/proj/.venv/lib/python3.13/site-packages"
    mine = Frame(file="/proj/flow.py", line=3, function="read", source='table["EUR"]')
    failure = Failure(
        type="KeyError",
        message="'EUR'",
        frames=(
            mine,
            Frame(file=f"{installed}/pandas/core/frame.py", line=1, function="__getitem__"),
            Frame(file=f"{installed}/pandas/core/base.py", line=2, function="get_loc"),
            Frame(file="/usr/lib/python3.13/functools.py", line=4, function="wrapper"),
            Frame(file=f"{installed}/pandas/index.pyx", line=5, function="get_item"),
        ),
    )
    wrapped = Failure(
        type="RetryError",
        message="",
        frames=tuple(
            Frame(file=f"{installed}/tenacity/__init__.py", line=line, function="f")
            for line in range(3)
        ),
        cause=failure,
    )

    assert seen(failure_lines(wrapped, folder="/proj")) == [
        "RetryError",
        "",
        "  …/tenacity/__init__.py:2  in f",
        "  … 2 frames of tenacity",
        "",
        "caused by",
        "KeyError: 'EUR'",
        "",
        "  …/pandas/index.pyx:5  in get_item",
        "  … 3 frames of Python, pandas",
        "  flow.py:3  in read",
        '      table["EUR"]',
    ]
    assert wrapped.authors_frames == [mine]


def test_a_frame_of_pythons_own_library_is_named_from_there_on():
    python = "/root/.pyenv/versions/3.11.7/lib/python3.11"
    raised = Frame(file=f"{python}/urllib/request.py", line=643, function="open_it")

    (*_, told) = seen(failure_lines(Failure(type="HTTPError", message="", frames=(raised,))))

    assert told == "  …/urllib/request.py:643  in open_it"


def test_a_frame_that_called_itself_is_told_once():
    again = Frame(file="/proj/flow.py", line=14, function="f", source="return f(n + 1)")
    first = again.model_copy(update={"line": 15, "function": "recurse", "source": "return f(0)"})
    failure = Failure(type="RecursionError", message="", frames=(first, *[again] * 49))

    assert seen(failure_lines(failure, folder="/proj"))[2:] == [
        "  flow.py:14  in f",
        "      return f(n + 1)",
        "  … 48 more of the same",
        "  flow.py:15  in recurse",
        "      return f(0)",
    ]


def test_a_failure_tells_its_notes_its_cause_and_its_members():
    failure = Failure(
        type="ExceptionGroup",
        message="two things",
        notes=("look at the logs",),
        cause=Failure(type="OSError", message="disk"),
        members=(tapes.KEY_ERROR, tapes.TIMEOUT),
    )

    text = "\n".join(line.plain for line in failure_lines(failure))

    for words in ("look at the logs", "caused by\nOSError: disk", "1 of 2\nKeyError", "2 of 2"):
        assert words in text


def test_frames_of_a_project_that_is_called_tuiflow_too_are_not_folded():
    mine = Frame(file="/home/me/tuiflow/flows/a.py", line=1, function="f")

    text = [line.plain for line in failure_lines(Failure(type="E", message="", frames=(mine,)))]

    assert "  /home/me/tuiflow/flows/a.py:1  in f" in text


def test_log_lines_have_time_level_and_text():
    lines = log_lines([log("hello"), log("careful\nvery", "warning")])

    text = [line.plain for line in lines]
    assert text[0].endswith(".123   hello")
    assert text[1].endswith(".123 ! careful")
    assert text[2].strip() == "very"
    assert text[2].index("very") == text[1].index("careful")


def test_in_the_log_of_a_parallel_a_line_has_the_name_of_the_branch_that_said_it():
    tape = Tape("w")
    tape.say("both/lane 1", 0, "GET\nagain")
    tape.say("both", 1, "all there")

    text = [line.plain for line in log_lines(tape.events, NodePath("w/both"))]

    assert text[0].endswith("   lane 1 │ GET")
    assert text[1].strip() == "lane 1 │ again"
    assert text[2].endswith("   all there")
    assert log_lines(tape.events, NodePath("w/both/lane 1"))[0].plain.endswith("   GET")


def test_colours_in_logs_are_kept_and_end_where_they_are_switched_off():
    [(line, spans)] = coloured_lines("a\x1b[1;31mb\x1b[0mc\x1b[38;5;208md\x1b[48;2;1;2;3me")

    assert line == "abcde"
    assert [(start, end, str(style)) for start, end, style in spans] == [
        (1, 2, "bold ansi_red"),
        (3, 4, "#ff8700"),
        (4, 5, "#ff8700 on #010203"),
    ]


def test_a_colour_lasts_until_the_next_line_of_the_same_text():
    lines = list(coloured_lines("\x1b[32mone\ntwo\x1b[0m\nthree"))

    assert [[str(span.style) for span in spans] for _, spans in lines] == [
        ["ansi_green"],
        ["ansi_green"],
        [],
    ]


@given(NASTY)
def test_no_control_comes_through_any_reader(text: str):
    failure = Failure(
        type=text,
        message=text,
        notes=(text,),
        frames=(Frame(file=text, line=1, function=text, source=text),),
    )
    lines = [
        *text_lines(text),
        *json_lines(text),
        *markdown_lines(text),
        *failure_lines(failure, source={(text, 1): [(1, text)]}),
        *log_lines([log(text)]),
    ]

    assert all(is_harmless(line.plain) and "\n" not in line.plain for line in lines)


@given(st.lists(st.integers(0, 300), max_size=40))
def test_any_numbers_in_a_colour_code_are_survived(numbers: list[int]):
    code = ";".join(map(str, numbers))

    assert [line for line, _ in coloured_lines(f"\x1b[{code[:64]}mtext")] == ["text"]
