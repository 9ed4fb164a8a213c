"""Records the real app in a real terminal: start, live tree, cancel, events; asciicast 2.

`asciinema play screenshots/tour.cast` shows it.
"""

import codecs
import json
import shutil
import tempfile
from pathlib import Path

from tests.end_to_end.project import Project
from tests.end_to_end.terminal import Terminal
from tests.screenshots import FOLDER

TOUR = FOLDER / "tour.cast"
SIZE = (110, 28)
LONGEST_PAUSE = 1.5  # seconds; how long a machine took is not what is to be seen
READING = 1.0  # seconds a person takes to see what has changed


def record() -> None:
    """Play the tour and write it."""
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder) / "samples")
        workflows = FOLDER.parent / "workflows"
        shutil.copytree(workflows, project.folder / "workflows", ignore=_only_the_search)
        with project.screen(SIZE) as terminal:
            _play(terminal)
        TOUR.write_text("\n".join(_cast(terminal)) + "\n")


def _only_the_search(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name not in {"monte_carlo.py", "code_report.py"}]


def _play(terminal: Terminal) -> None:
    terminal.wait("watching 2 files")
    terminal.wait_quiet(READING)
    for keys, sees in (
        ("G", "Finds π"),
        ("s", "Start a run"),
        (("enter",), "▸ running"),
        ("jjj", "par"),
        ("x", "y cancel"),
        ("y", "cancelled"),
        ("E", "WorkflowCancelled"),
        ("kk", "2 Event"),
        ("q", "2 Steps"),
        ("q", ""),
    ):
        for key in keys:
            terminal.press(key)
            terminal.look(0.3)
        terminal.wait(sees)
        terminal.look(READING)
    terminal.wait_exit()


def _cast(terminal: Terminal) -> list[str]:
    lines = [json.dumps({"version": 2, "width": SIZE[0], "height": SIZE[1], "title": "tuiflow"})]
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    at, last = 0.0, terminal.tape[0][0]
    for seen, chunk in terminal.tape:
        at, last = at + min(seen - last, LONGEST_PAUSE), seen
        lines.append(json.dumps([round(at, 3), "o", decoder.decode(chunk)], ensure_ascii=False))
    return lines


if __name__ == "__main__":
    record()
