import json
import re

import pytest

from tests.end_to_end.project import Project

pytestmark = pytest.mark.timeout(120)

HOSTILE = """
from pydantic import BaseModel
from tuiflow import File, Image, Step, StepOutput, Workflow

ESCAPES = (
    "\\x1b]0;title\\x07 \\x1b]52;c;aGk=\\x07 \\x1b[2J \\x1bc \\x9b2J \\x9d0;t\\x9c "
    "\\x1bPq\\x1b\\\\ "
    "\\x1b]8;;http://evil.example\\x1b\\\\link\\x1b]8;;\\x1b\\\\ "
    "\\x1b[?1049l \\x1b[6n \\x07\\x00\\x7f "
    "\\u202ebidi\\u2066 [/x] [@click=app.quit]press[/] [red]markup"
)
WORDS = "pwned" + ESCAPES

class Bad(Exception):
    pass

Bad.__name__ = Bad.__qualname__ = "Bad" + ESCAPES.replace("\\x00", "")

def speak(step_input):
    print(WORDS)
    print("x" * 1_000_000)
    media = {"content": b"no picture" + WORDS.encode(), "name": WORDS}
    content = {WORDS: WORDS, "deep": {WORDS: [WORDS]}, "long": "\\x1b[2J" * 200_000}
    return StepOutput(content=content, images=[Image(**media)], files=[File(**media)])

def fail(step_input):
    raise Bad(WORDS)

workflow = Workflow(
    name="hostile " + ESCAPES.replace("/", "|"),
    description=WORDS,
    steps=[
        Step(name="speak " + ESCAPES.replace("/", "|"), executor=speak, description=WORDS),
        Step(name="fail " + ESCAPES.replace("/", "|"), executor=fail),
    ],
)

class Asked(BaseModel):
    text: str = WORDS

later = Workflow(name="later " + WORDS.replace("/", "|"), steps=[fail], input_schema=Asked)
"""
# What Textual itself writes, and nothing else may: modes, colours, the cursor, the mouse pointer's
# shape, and its questions about the terminal; then what is copied, our progress, and our
# title, whose text stays, with the bell for a run that ended unseen.
ALLOWED = re.compile(
    rb"\x1b\[\?(?:1000|1003|1004|1006|1015|1016|1049|2004|2026|2031|2048|25|7)[hl]"
    rb"|\x1b\[\?(?:2026|2048)\$p|\x1b\[\?1049[hl]|\x1b\[[0-9;]*m|\x1b\[[0-9;]*H"
    rb"|\x1b\[[<>=][0-9;]*u|\x1b\[[0-9;]*t|\x1b\]22;[a-z-]*\x07|\x1b\[\?996n|\x1b\[c"
    rb"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07|\x1b\]9;4;[0-9;]*\x07|\x1b\]2;([^\x00-\x1f\x7f]*)\x07{1,2}"
)
PASTED = "in \x1b]0;t\x07 \x19\x1b[27u\x1b\x0e [red] \x9b2J \x1bOS"
HARMFUL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_text_of_a_workflow_never_reaches_the_terminal_as_a_command(project: Project):
    project.write("evil [red] [@click=app.quit]x[.py", HOSTILE)

    # A pager that shows what it is given as it is.
    pager = project.folder / "page"
    pager.write_text('#!/bin/sh\nhead -c 200000 "$1"; echo PAGED; read line\n')
    pager.chmod(0o755)

    with project.screen(env={"PAGER": str(pager)}) as terminal:
        terminal.wait("· hostile")
        terminal.press("s")
        terminal.wait("Start a run")
        terminal.press(f"\x1b[200~{PASTED}\x1b[201~", "enter")
        terminal.wait_gone("Start a run")
        terminal.wait("✗ error")
        for key in ("2", "g", "a", "o", "L", "e", "j", "i", "p", "o", "L", "e", "j", "a", "o", "L"):
            terminal.press(key)
            terminal.read(0.3)
        # Find, choose lines, copy, copy as each of the three, save, the pager.
        terminal.press("2", "k", "o", "5")
        terminal.wait("S saves")
        terminal.press("/")
        terminal.wait("type to find")
        terminal.press("pwned", "enter")
        terminal.wait_gone("esc ends it")
        terminal.press("esc", "-", "-", "+", "V", "j", "y")
        terminal.wait("copied")
        for way in "123":
            terminal.press("Y")
            terminal.wait("copy all of it as")
            terminal.press(way)
            terminal.wait_gone("copy all of it as")
        terminal.press("S")
        terminal.wait("saved 2 files in")
        for times, tab in enumerate("oL", start=1):
            terminal.press(tab, "v")
            terminal.wait(lambda text, times=times: terminal.raw.count(b"PAGED") == times)
            terminal.press("enter")
            terminal.wait("2 Steps")
        terminal.press(":run ", "tab")
        terminal.wait("run 'hostile")
        terminal.press("esc")
        terminal.press("?")
        terminal.wait("keys that work here")
        terminal.press("esc")
        terminal.wait_gone("keys that work here")
        terminal.press("E")
        terminal.wait("StepLog")
        for key in ("g", "j", "j", "j", "k", "G"):
            terminal.press(key)
            terminal.read(0.3)
        terminal.press("q")
        terminal.wait("1 Workflows and runs")
        terminal.press("1", "G", "s")
        terminal.wait("Start a run")
        terminal.press("esc")
        terminal.wait_gone("Start a run")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        raw = bytes(terminal.raw)

    given = json.loads(project.run("show", "last", "--json").stdout)["input"]
    assert given == PASTED
    assert "pwned" in raw.decode()
    rest = ALLOWED.sub(rb"\1", raw).decode()
    assert [rest[max(at.start() - 40, 0) : at.end() + 40] for at in HARMFUL.finditer(rest)] == []
