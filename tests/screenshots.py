"""Draws the scenes into screenshots/*.svg; a test compares, so that the pictures cannot lie."""

import os
import re
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import anyio
from textual.widgets import Input

import tests.conftest as _plain_environment  # noqa: F401  # pyright: ignore[reportUnusedImport]
from tests.opened import open_scene
from tests.scenes import SCENES

FOLDER = Path(__file__).parent.parent / "screenshots"
NARROW, MEDIUM, WIDE = (80, 24), (120, 30), (160, 45)


SIZES = {"narrow": NARROW, "medium": MEDIUM, "wide": WIDE}


class Shot(NamedTuple):
    """One picture: a scene, what is pressed in it, and what must be seen before it is drawn."""

    scene: str
    size: tuple[int, int]
    keys: tuple[str, ...]
    sees: str
    environ: tuple[str, str] = ("TUIFLOW_ASCII", "0")


# In each of these, at each size.
STATES = {
    "running": ("running", ("2", "j", "j", "j", "j"), "rows"),
    "failed": ("failed", ("j", "2"), "daily.py:9"),
    "done": ("done", ("j", "j", "2", "G"), "Code report"),
    "stopping": ("stopping", ("2",), "kill in 1 s"),
    "cancelled": ("cancelled", ("j", "2"), "cancelled 00"),
    "crashed": ("crashed", ("j", "2"), "The process ended"),
    "idle": ("idle", ("2",), "not started"),
    "broken": ("broken", ("G", "k", "5"), "It cannot be imported"),
    "empty": ("empty", (), "No workflows here yet."),
    "start": ("idle", ("s",), "Start a run"),
    "cancel": ("running", ("x",), "Cancel run 7f3a?"),
    "events": ("running", ("E",), "match"),
    "help": ("running", ("2", "question_mark"), "Help"),
}
SHOTS = {
    f"{state}-{size}": Shot(scene, SIZES[size], keys, sees)
    for state, (scene, keys, sees) in STATES.items()
    for size in SIZES
} | {
    "runs": Shot("running", NARROW, ("space", "space"), "2 marked"),
    "lists": Shot("lists", NARROW, ("s",), "one more Shop"),
    "tries": Shot(
        "retried", MEDIUM, ("j", "j", "2", "g", "j", "j", "l", "j", "j"), "no answer in 1 s"
    ),
    "nested": Shot(
        "nested", MEDIUM, ("2", "g", "j", "j", "enter", "j", "j", "j", "j"), "nightly ›"
    ),
    "pictures": Shot("pictures", MEDIUM, ("j", "j", "2", "G", "5", "z"), "▀▀▀▀"),
    "previous": Shot("running", MEDIUM, ("2", "j", "j", "j", "p"), '"id": 10231'),
    "filter": Shot(
        "running", WIDE, ("E", "slash", *"-kind:StepLog", "space", *"kin:x"), "did you mean kind?"
    ),
    "no-events": Shot("running", MEDIUM, ("E", "slash", *" nobody", "enter"), "exist. backspace"),
    "commands": Shot("running", MEDIUM, ("colon",), "Look at the workflow files again"),
    "palette": Shot("running", NARROW, ("ctrl+p", *"event"), "export FILE"),
    "notices": Shot("broken", MEDIUM, ("x", "colon", *"notices", "enter"), "choose a run first"),
    "find": Shot("running", MEDIUM, ("2", "slash", *"region", "enter"), "· n N · esc ends"),
    "choose": Shot("failed", NARROW, ("j", "2", "5", "V", "j", "j"), "3 lines · y copies"),
    "light": Shot("failed", MEDIUM, ("j", "2", "colon", *"theme", "enter"), "theme tuiflow-light"),
    "ascii": Shot("running", MEDIUM, ("2",), "daily_orders#7f3a", ("TUIFLOW_ASCII", "1")),
    "no-color": Shot("failed", MEDIUM, ("j", "2"), "KeyError", ("NO_COLOR", "1")),
    "too-small": Shot("idle", (52, 14), (), "tuiflow needs"),
}


_LOOKS = 20


async def draw(shot: Shot, *, like: str = "") -> str:
    """Draw one picture, the same one on every machine; the last one where none is `like` it."""
    with mock.patch.dict(os.environ, [shot.environ]):
        return await _draw(shot, like)


async def _draw(shot: Shot, like: str) -> str:
    async with open_scene(SCENES[shot.scene], shot.size) as opened:
        await opened.press(*shot.keys)
        await opened.wait_for(shot.sees)
        for field in opened.app.screen.query(Input):
            field.cursor_blink = False
        picture = ""
        for _ in range(_LOOKS if like else 1):
            await opened.settle()
            picture = _plain(opened.app.export_screenshot(title="tuiflow"))
            if picture == like:
                break
            # Where the machine is slow a form still takes its focus: what comes to stand counts.
            await anyio.sleep(0.1)
        return picture


def words(picture: str) -> list[str]:
    """Give what is written in a picture, without its colours."""
    return re.findall(r">([^<]+)</text>", picture)


def _plain(picture: str) -> str:
    """Leave the fonts to the viewer, and change no name in it when one word has changed."""
    without_fonts = re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    return re.sub(r"terminal-\d+-", "terminal-", without_fonts)


async def draw_all() -> None:
    """Write every picture."""
    for name, shot in SHOTS.items():
        (FOLDER / f"{name}.svg").write_text(await draw(shot))


if __name__ == "__main__":
    anyio.run(draw_all)
