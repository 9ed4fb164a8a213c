"""Every key that a footer or the help names is pressed where it is named, and something happens."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

import pytest
from textual.content import Content

from tests.opened import Opened, open_scene
from tests.scene_tapes import report_done
from tests.scenes import DONE, SCENES, Scene
from tuiflow.errors import WorkerError
from tuiflow.tui.notices import Notices
from tuiflow.tui.screens.frame import Frame
from tuiflow.tui.screens.help import known_keys
from tuiflow.tui.screens.home.runs import RunsScreen
from tuiflow.tui.widgets.line_list import LineList
from tuiflow.tui.widgets.line_pane import LinePane

FIND = ("slash", "e", "r", "enter")
FIRST: dict[str, Sequence[str]] = {
    "steps.unfold": ("h",),
    "steps.find_next": FIND,
    "steps.find_last": FIND,
    "steps.find_end": FIND,
    "runs.find_next": FIND,
    "runs.find_last": FIND,
    "runs.find_end": FIND,
    "lines.find_next": FIND,
    "lines.find_last": FIND,
    "lines.find_end": FIND,
    "lines.right": ("w",),
    "lines.left": ("w", "l"),
    "page.step_out": ("z",),
    "help.up": ("down", "down"),
    "help.page_up": ("pagedown",),
    "start.copy": ("x",),
    "start.start": ("x",),
    "start.edit": ("x",),
    "start.edit_all": ("x",),
    "start.last_source": ("right",),
    "steps.toggle": ("g",),
    "steps.less": ("g",),
    "steps.more": ("g", "minus"),
    "values.more": ("minus",),
    "panes.go_5": ("2",),
    "panes.previous": ("o",),
    "browser.go_1": ("2",),
    "browser.drop_word": ("slash", "x", "enter"),
}
"""What is pressed before a key that has nothing to do at first."""


@dataclass(frozen=True)
class Place:
    """Somewhere keys work: a scene, how one gets there, and the keys that are its own.

    They are named one by one, or by their group.
    """

    scene: str
    keys: tuple[str, ...]
    groups: frozenset[str]
    size: tuple[int, int] = (160, 45)
    also: tuple["Place", ...] = ()
    """Others of the same scene."""


def place(
    scene: str,
    *keys: str,
    of: str,
    size: tuple[int, int] = (160, 45),
    also: tuple[Place, ...] = (),
) -> Place:
    return Place(scene, keys, frozenset(of.split()), size, also)


FORM_KEYS = "start.start start.copy start.edit start.edit_all dialog"
PLACED = SCENES | {
    "long": Scene(runs=(replace(DONE, tape=lambda: report_done(("an error " * 15 + "\n") * 40)),))
}
PLACES = {
    "list of runs": place("running", "1", of="runs page app"),
    "step tree": place("running", "2", of="steps"),
    "text": place("long", "j", "j", "2", "G", "o", "5", of="lines panes", size=(80, 24)),
    "value": place("running", "2", "g", "j", "j", "p", "5", of="values", size=(80, 24)),
    "log": place("running", "2", "j", "L", "5", of="logs", size=(80, 24)),
    "table of events": place("running", "E", of="events", size=(80, 24)),
    "browser": place("running", "E", of="browser"),
    "question": place("running", "r", of="ask"),
    "cancel": place("running", "x", of="cancel"),
    "form": place(
        "idle",
        "s",
        of=f"{FORM_KEYS} start.close",
        size=(80, 24),
        also=(
            place("idle", "j", "s", of="start.new_line"),
            place("idle", "s", "shift+tab", of="start.next_source start.last_source"),
            place("idle", "s", "tab", of="start.add start.take_out"),
            place("idle", "s", "tab", "tab", "tab", of="start.begin"),
            place("idle", "s", *["tab"] * 4, of="start.choose"),
            place("idle", "s", *["tab"] * 6, of="start.toggle"),
        ),
    ),
    "copy as": place("running", "Y", of="copy_as"),
    "help": place("running", "question_mark", of="help", size=(80, 24)),
    "commands": place("running", "colon", of="command"),
    "notices": place("running", "colon", *"notices", "enter", of="notices"),
}


@pytest.mark.parametrize("name", PLACES)
async def test_every_key_does_something(name: str):
    here = PLACES[name]
    dead: list[tuple[str, str]] = []
    async with open_scene(PLACED[here.scene], here.size) as opened:
        with no_harm(opened) as left:
            for spot in (here, *here.also):
                dead += await press_all(opened, spot, left)

    assert dead == []


async def press_all(opened: Opened, here: Place, left: mock.Mock) -> list[tuple[str, str]]:
    await come_back(opened, here)
    there = (opened.app.screen, opened.app.screen.focused)
    dead: list[tuple[str, str]] = []
    keys = keys_of(opened, here.groups)
    for key, name in keys:
        if (opened.app.screen, opened.app.screen.focused) != there:
            await come_back(opened, here)
            there = (opened.app.screen, opened.app.screen.focused)
        if not await acts(opened, key, FIRST.get(name, ()), left):
            dead.append((key, name))
    missing = {name for name in here.groups if "." in name} - {name for _, name in keys}
    return [*dead, *(("not here", name) for name in missing)]


def test_no_key_is_left_out():
    spots = [spot for here in PLACES.values() for spot in (here, *here.also)]
    groups = {group for spot in spots for group in spot.groups}

    left_out = {name for name in known_keys() if not groups & group_and_name(name)}
    assert left_out == set()


def group_and_name(name: str) -> set[str]:
    return {name, name.partition(".")[0]}


def keys_of(opened: Opened, groups: frozenset[str]) -> list[tuple[str, str]]:
    active = opened.app.screen.active_bindings.items()
    named = [(key, it.binding.id or "") for key, it in active]
    return [(key, name) for key, name in named if groups & group_and_name(name)]


async def acts(opened: Opened, key: str, first: Sequence[str], left: mock.Mock) -> bool:
    focused = opened.app.screen.focused
    if isinstance(focused, LineList):
        focused.set_cursor(4)
    elif isinstance(focused, LinePane):
        focused.scroll_to(y=3, animate=False)
    await opened.pilot.press(*first)
    hush(opened)
    await opened.settle()
    if first:
        await come_to_rest(opened)
    left.reset_mock()
    before = picture(opened)
    await opened.pilot.press(key)
    if not left.called and picture(opened) == before:
        await opened.settle()
    return left.called or picture(opened) != before


async def come_to_rest(opened: Opened) -> None:
    """Wait for all that the keys before have set going."""
    last: list[list[Any]] = []
    while (now := picture(opened)) != last:
        last = now
        await opened.settle()


async def come_back(opened: Opened, here: Place) -> None:
    """Go where the keys are pressed, from wherever the last one has led."""
    app = opened.app
    home = next(screen for screen in app.screen_stack if isinstance(screen, Frame))
    while app.screen is not home:
        await app.pop_screen()
    assert isinstance(home, RunsScreen)
    home.places.zoom(None)
    home.run_list.move_to(home.listed.first_row() or "")
    await opened.press("1", *here.keys)


def hush(opened: Opened) -> None:
    """Forget what was said, so that the same sentence is news again."""
    opened.app.notices = Notices()
    for screen in opened.app.screen_stack:
        if isinstance(screen, Frame):
            screen.notice_line.show(Content())


def picture(opened: Opened) -> list[list[Any]]:
    screen = opened.app.screen
    strips = screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage]
    return [[screen, screen.focused], *(list(strip) for strip in strips)]


@contextmanager
def no_harm(opened: Opened) -> Generator[mock.Mock]:
    """Keep the app open and start nothing; gives what is called for leaving."""
    refused = mock.AsyncMock(side_effect=WorkerError("not in a picture"))
    starts = ("start", "start_again", "resume", "rerun", "cancel", "kill")
    with (
        mock.patch.multiple(opened.service, **dict.fromkeys(starts, refused)),
        mock.patch.object(opened.app, "exit") as left,
    ):
        yield left
