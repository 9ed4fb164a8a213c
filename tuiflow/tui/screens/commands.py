"""Every command, once: the colon, ctrl+p and the help all read this list."""

from collections.abc import Sequence
from typing import Protocol, cast, runtime_checkable

from tuiflow.errors import InputError, NotResumableError
from tuiflow.model.ids import NodePath, RunId, short_id
from tuiflow.model.status import Status
from tuiflow.service import RunRecord, unpack_demo
from tuiflow.service.input_fields import form_fields
from tuiflow.service.typed_input import read_input
from tuiflow.tui.screens import go_on, keeping, marked_actions, run_actions
from tuiflow.tui.screens.command import Command
from tuiflow.tui.screens.events import EventsScreen
from tuiflow.tui.screens.notices import NoticesScreen
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.theme import TUIFLOW_DARK, TUIFLOW_LIGHT

_THEMES = (TUIFLOW_DARK.name, TUIFLOW_LIGHT.name, "ansi-dark", "ansi-light")


@runtime_checkable
class Home(Protocol):
    """The page that watches runs."""

    watching: Watch

    def go_to_run(self, run_id: RunId, path: NodePath | None = None) -> None:
        """Watch this run."""
        ...

    def leave_run(self, run_id: RunId) -> None:
        """Look elsewhere: this run is to be deleted."""
        ...

    def marked_runs(self) -> Sequence[RunRecord]:
        """List the runs that are marked."""
        ...

    def recent_runs(self) -> Sequence[RunId]:
        """List the runs it shows, newest first."""
        ...


def _home(page: Page) -> Home:
    return next(screen for screen in page.app.screen_stack if isinstance(screen, Home))


async def _go_home(page: Page) -> Home:
    home = _home(page)
    while page.app.screen is not cast("object", home):
        await page.app.pop_screen()
    return home


async def _run_id(page: Page, words: Sequence[str]) -> RunId:
    if len(words) > 1:
        raise InputError("one run at a time: the end of its id, or last")
    if words:
        return await page.service.find_run(words[0])
    if (watched := _home(page).watching.run_id) is None:
        raise InputError("no run is chosen: name one by the end of its id, or last")
    return watched


def _runs(page: Page) -> Sequence[str]:
    return ["last", *(short_id(run_id) for run_id in _home(page).recent_runs())]


def _workflows(page: Page) -> Sequence[str]:
    offers: list[str] = []
    for entry in page.service.catalog.entries:
        offers.append(entry.key)
        schema = entry.outline.input_schema
        offers += [f"{field.name}=" for field in form_fields(schema)] if schema else []
    return list(dict.fromkeys(offers))


async def _quit(page: Page, _: Sequence[str]) -> None:
    page.app.exit()


async def _show_runs(page: Page, _: Sequence[str]) -> None:
    await _go_home(page)


async def _show(page: Page, words: Sequence[str]) -> None:
    run_id = await _run_id(page, words)
    (await _go_home(page)).go_to_run(run_id)


async def _events(page: Page, words: Sequence[str]) -> None:
    asked = " ".join(words)
    home = await _go_home(page)
    await page.app.push_screen(EventsScreen(page.service, asked=asked, to_step=home.go_to_run))


async def _run(page: Page, words: Sequence[str]) -> None:
    entry = page.service.find_workflow(words[0])
    given = read_input(words[1:], None, entry.outline.input_schema)
    run_id = await page.service.start(entry.key, input=given)
    (await _go_home(page)).go_to_run(run_id)


async def _cancel(page: Page, words: Sequence[str]) -> None:
    watch = Watch(run_id=await _run_id(page, words))
    await watch.pull(page.service)
    if not watch.is_active:
        raise InputError(f"run {short_id(watch.run_id or '')} is over ({watch.status.value})")
    run_actions.cancel(page, watch)


async def _resume(page: Page, words: Sequence[str]) -> None:
    run_id = await _run_id(page, words)
    run = await page.service.get_run(run_id)
    if not run.status.is_final or run.status is Status.COMPLETED:
        raise NotResumableError(run_id, run.status)
    home = await _go_home(page)

    def then(resumed: RunId | None) -> None:
        if resumed is not None:
            home.go_to_run(resumed)

    go_on.resume(page, run_id, then)


async def _verify(page: Page, words: Sequence[str]) -> None:
    await keeping.verify(page, await _run_id(page, words) if words else None)


async def _prune(page: Page, _: Sequence[str]) -> None:
    await keeping.prune(page)


async def _delete(page: Page, words: Sequence[str]) -> None:
    home = _home(page)
    if not words and (marked := home.marked_runs()):
        marked_actions.delete_all(page, marked, home)
        return
    run_id = await _run_id(page, words)
    run_actions.delete(page, run_id, home)


async def _theme(page: Page, words: Sequence[str]) -> None:
    app = page.app
    is_dark = app.theme == TUIFLOW_DARK.name
    name = words[0] if words else (TUIFLOW_LIGHT if is_dark else TUIFLOW_DARK).name
    if name not in app.available_themes:
        known = ", ".join(_THEMES)
        raise InputError(f"there is no theme {name!r}: {known} are made for these screens")
    app.theme = name
    page.say(f"theme {name}")


async def _reload(page: Page, _: Sequence[str]) -> None:
    await page.action_reload()


async def _notices(page: Page, _: Sequence[str]) -> None:
    await page.app.push_screen(NoticesScreen(page.service))


async def _help(page: Page, _: Sequence[str]) -> None:
    page.action_help()


async def _mouse(page: Page, _: Sequence[str]) -> None:
    page.action_mouse()


async def _demo(page: Page, _: Sequence[str]) -> None:
    page.tuiflow.open_next(unpack_demo())


def _browser(page: Page) -> EventsScreen:
    if not isinstance(page, EventsScreen):
        raise InputError("that is for the event browser: E, or :events, opens it")
    return page


async def _export(page: Page, words: Sequence[str]) -> None:
    if len(words) > 1:
        raise InputError("one file: a path with spaces needs quotes")
    await _browser(page).export(words[0])


async def _all(page: Page, _: Sequence[str]) -> None:
    _browser(page).toggle_all()


COMMANDS = (
    Command("runs", "Go to the workflows and runs.", _show_runs),
    Command("list", "The same: the workflows of the folder stand there.", _show_runs),
    Command("events", "Browse every event, or those a filter asks for.", _events, "[FILTER]"),
    Command("run", "Start a workflow.", _run, "NAME [TEXT | key=value]", _workflows),
    Command("show", "Go to a run.", _show, "RUN", _runs),
    Command("cancel", "Ask whether to cancel this run, or another.", _cancel, "[RUN]", _runs),
    Command("resume", "Ask whether to let this run go on, or another.", _resume, "[RUN]", _runs),
    Command("verify", "Check all that is kept, or one run.", _verify, "[RUN]", _runs),
    Command("prune", "Ask whether to delete what is not kept any longer.", _prune),
    Command(
        "delete",
        "Ask whether to delete a run, or those that are marked, with all that is kept.",
        _delete,
        "[RUN]",
        _runs,
    ),
    Command("export", "Write the events that match as JSON lines.", _export, "FILE"),
    Command("all", "Also show the kinds that authors chose to skip, or no longer.", _all),
    Command("notices", "Everything the notice line has said.", _notices),
    Command("reload", "Look at the workflow files again, now.", _reload),
    Command(
        "theme",
        "Another theme; without a name, light or dark.",
        _theme,
        "[NAME]",
        lambda _: _THEMES,
    ),
    Command("mouse", "Leave the mouse to the terminal, or take it back.", _mouse),
    Command("demo", "Open the samples.", _demo),
    Command("help", "The keys that work here.", _help),
    Command("q", "Leave tuiflow. Runs go on.", _quit),
)
