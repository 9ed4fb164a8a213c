from tuiflow.worker.lines import LONGEST_LINE, LineCutter


def test_lines_come_whole_however_their_text_arrives():
    cutter = LineCutter()

    lines = [line for piece in ("a", "b\nc", "\n", "\nd") for line in cutter.feed(piece)]

    assert lines == ["ab", "c", ""]
    assert cutter.finish() == ["d"]
    assert cutter.finish() == []


def test_a_line_that_draws_over_itself_is_its_last_state():
    cutter = LineCutter()

    assert cutter.feed("10%\r20%\r") == []
    assert cutter.feed("30%\r\nnext\r\n") == ["30%", "next"]
    assert cutter.feed("".join(f"{n:>9}\r" for n in range(10_000))) == []
    assert cutter.finish() == ["     9999"]


def test_a_very_long_line_is_cut_into_pieces():
    cutter = LineCutter()

    lines = [*cutter.feed("x" * (2 * LONGEST_LINE + 5)), *cutter.feed("\n")]

    assert [len(line) for line in lines] == [LONGEST_LINE, LONGEST_LINE, 5]
