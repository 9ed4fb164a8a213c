from tuiflow.model.last_words import parse_last_words

SEGFAULT = """\
loading
Fatal Python error: Segmentation fault

Thread 0x00007f2 (most recent call first):
  File "/lib/threading.py", line 331 in wait

Current thread 0x00007f1 (most recent call first):
  File "/lib/ctypes/__init__.py", line 519 in string_at
  File "/project/flow.py", line 3 in <module>

Extension modules: psutil (total: 1)
"""


def test_a_fatal_error_gives_its_signal_its_frames_and_what_was_said_before():
    words = parse_last_words(SEGFAULT)

    assert words.signal == "SIGSEGV"
    assert [(frame.file, frame.line) for frame in words.frames] == [
        ("/project/flow.py", 3),
        ("/lib/ctypes/__init__.py", 519),
    ]
    assert words.lines == ("loading",)


def test_a_time_limit_is_told_from_a_signal():
    dump = 'Thread 0x1 (most recent call first):\n  File "f.py", line 1 in <module>\n'

    words = parse_last_words(f"Timeout (0:00:01)!\n{dump}")

    assert words.took_too_long
    assert words.signal == ""
    assert words.frames[0].line == 1


def test_without_a_report_the_last_lines_are_all_there_is():
    assert parse_last_words("a\n\nb\n").lines == ("a", "b")
    assert parse_last_words("").lines == ()
