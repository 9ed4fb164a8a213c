"""Draws the scenes into screenshots/*.svg, so that the pictures cannot lie."""

import os
import re
import time
from pathlib import Path

import anyio

from tests.opened import open_scene
from tests.scenes import SCENES

FOLDER = Path(__file__).parent.parent / "screenshots"
SHOTS: dict[str, tuple[str, tuple[int, int], tuple[str, ...]]] = {
    "home": ("running", (160, 45), ("2", "j", "j", "j", "j")),
    "home-medium": ("running", (120, 34), ("2", "j", "j", "j", "p")),
    "home-narrow": ("failed", (80, 24), ("j", "2")),
    "idle": ("idle", (120, 34), ()),
    "start": ("idle", (100, 30), ("s",)),
    "cancel": ("running", (120, 34), ("x",)),
    "events": ("running", (120, 34), ("E",)),
    "broken": ("broken", (120, 34), ("G", "k")),
    "empty": ("empty", (100, 30), ()),
    "help": ("running", (120, 40), ("2", "question_mark")),
}


async def draw() -> None:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    for name, (scene, size, keys) in SHOTS.items():
        async with open_scene(SCENES[scene], size) as opened:
            await opened.press(*keys)
            picture = opened.app.export_screenshot(title="tuiflow")
            (FOLDER / f"{name}.svg").write_text(_without_links(picture))


def _without_links(picture: str) -> str:
    """Leave the fonts to the viewer: a picture fetches nothing from anywhere."""
    return re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL)


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    anyio.run(draw)
