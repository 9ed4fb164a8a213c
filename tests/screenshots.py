"""Draws the scenes into screenshots/*.svg; a test compares, so that the pictures cannot lie."""

import re
from pathlib import Path
from typing import NamedTuple

import anyio
from textual.widgets import Input

import tests.conftest as _plain_environment  # noqa: F401  # pyright: ignore[reportUnusedImport]
from tests.opened import open_scene
from tests.scenes import SCENES

FOLDER = Path(__file__).parent.parent / "screenshots"
NARROW, MEDIUM, WIDE = (80, 24), (120, 30), (160, 45)


class Shot(NamedTuple):
    """One picture: a scene, what is pressed in it, and what must be seen before it is drawn."""

    scene: str
    size: tuple[int, int]
    keys: tuple[str, ...]
    sees: str


SHOTS = {
    "home": Shot("running", WIDE, ("2", "j", "j", "j", "j"), "rows"),
    "home-medium": Shot("running", MEDIUM, ("2", "j", "j", "j", "p"), '"id": 10231'),
    "home-narrow": Shot("failed", NARROW, ("j", "2"), "KeyError: 'EUR'"),
    "failed": Shot("failed", WIDE, ("j", "2"), "rate = table"),
    "done": Shot("done", MEDIUM, ("j", "j", "2", "G"), "Code report"),
    "pictures": Shot("pictures", MEDIUM, ("j", "j", "2", "G", "5", "z"), "▀▀▀▀"),
    "stopping": Shot("stopping", MEDIUM, (), "kill in 1 s"),
    "idle": Shot("idle", MEDIUM, (), "Loads one day of orders"),
    "start": Shot("idle", NARROW, ("s",), "Start a run"),
    "cancel": Shot("running", MEDIUM, ("x",), "Cancel run 7f3a?"),
    "events": Shot("running", MEDIUM, ("E",), "match"),
    "events-filter": Shot(
        "running", WIDE, ("E", "slash", *"-kind:StepLog", "space", *"kin:x"), "did you mean kind?"
    ),
    "commands": Shot("running", MEDIUM, ("colon",), "Look at the workflow files again"),
    "commands-narrow": Shot("running", NARROW, ("ctrl+p", *"event"), "export FILE"),
    "events-narrow": Shot("running", NARROW, ("E",), "match"),
    "broken": Shot("broken", MEDIUM, ("G", "k"), "It cannot be imported"),
    "empty": Shot("empty", NARROW, (), "No workflows here yet."),
    "find": Shot("running", MEDIUM, ("2", "slash", *"region", "enter"), "· n N · esc ends"),
    "choose": Shot("failed", NARROW, ("j", "2", "5", "V", "j", "j"), "3 lines · y copies"),
    "help": Shot("running", WIDE, ("2", "question_mark"), "Help"),
}


async def draw(shot: Shot) -> str:
    """Draw one picture, the same one on every machine."""
    async with open_scene(SCENES[shot.scene], shot.size) as opened:
        await opened.press(*shot.keys)
        await opened.wait_for(shot.sees)
        for field in opened.app.screen.query(Input):
            field.cursor_blink = False
        await opened.settle()
        return _plain(opened.app.export_screenshot(title="tuiflow"))


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
