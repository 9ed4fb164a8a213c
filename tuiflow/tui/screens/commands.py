"""Every command, once: the colon, ctrl+p and the help all read this list."""

from collections.abc import Sequence

from tuiflow.errors import InputError, NotResumableError
from tuiflow.model.ids import RunId, short_id
from tuiflow.model.status import Status
from tuiflow.service import unpack_demo
from tuiflow.service.typed_input import read_input
from tuiflow.tui.screens import command_offers as offers
from tuiflow.tui.screens.actions import go_on, keeping, marked_actions, run_actions
from tuiflow.tui.screens.command import Command
from tuiflow.tui.screens.events.events import EventsScreen
from tuiflow.tui.screens.home.home import go_home, home_of
from tuiflow.tui.screens.notices import NoticesScreen
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.theme import OUR_THEMES, TUIFLOW_DARK, TUIFLOW_LIGHT


async def _run_id(page: Page, words: Sequence[str]) -> RunId:
    if len(words) > 1:
        raise InputError("one run at a time: the end of its id, or last")
    if words:
        return await page.service.find_run(words[0])
    if (watched := home_of(page).watching.run_id) is None:
        raise InputError("no run is chosen: name one by the end of its id, or last")
    return watched


async def _quit(page: Page, _: Sequence[str]) -> None:
    page.app.exit()


async def _show_runs(page: Page, _: Sequence[str]) -> None:
    await go_home(page)


async def _show(page: Page, words: Sequence[str]) -> None:
    run_id = await _run_id(page, words)
    (await go_home(page)).go_to_run(run_id)


async def _events(page: Page, words: Sequence[str]) -> None:
    home = await go_home(page)
    asked = "".join(words)
    await page.app.push_screen(EventsScreen(page.service, asked=asked, to_step=home.go_to_run))


async def _run(page: Page, words: Sequence[str]) -> None:
    entry = page.service.find_workflow(words[0])
    given = read_input(words[1:], None, entry.outline.input_schema)
    run_id = await page.service.start(entry.key, input=given)
    (await go_home(page)).go_to_run(run_id)


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
    home = await go_home(page)

    def then(resumed: RunId | None) -> None:
        if resumed is not None:
            home.go_to_run(resumed)

    go_on.resume(page, run_id, then)


async def _verify(page: Page, words: Sequence[str]) -> None:
    await keeping.verify(page, await _run_id(page, words) if words else None)


async def _prune(page: Page, _: Sequence[str]) -> None:
    await keeping.prune(page)


async def _delete(page: Page, words: Sequence[str]) -> None:
    home = home_of(page)
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
        known = ", ".join(OUR_THEMES)
        raise InputError(f"there is no theme {name!r}: {known} are made for these screens")
    app.theme = name
    page.say(f"theme {name}")


async def _reload(page: Page, _: Sequence[str]) -> None:
    await page.action_reload()


async def _notices(page: Page, _: Sequence[str]) -> None:
    if not isinstance(page, NoticesScreen):
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
    Command(
        "events",
        "Browse every event, or those a filter asks for.",
        _events,
        "[FILTER]",
        offers.filter_words,
        is_verbatim=True,
    ),
    Command(
        "run", "Start a workflow with a text, or key=value.", _run, "NAME [INPUT]", offers.run_words
    ),
    Command("show", "Go to a run.", _show, "RUN", offers.runs),
    Command("cancel", "Ask whether to cancel this run, or another.", _cancel, "[RUN]", offers.runs),
    Command(
        "resume", "Ask whether to let this run go on, or another.", _resume, "[RUN]", offers.runs
    ),
    Command("verify", "Check all that is kept, or one run.", _verify, "[RUN]", offers.runs),
    Command("prune", "Ask whether to delete what is not kept any longer.", _prune),
    Command(
        "delete",
        "Ask whether to delete a run, or the marked ones.",
        _delete,
        "[RUN]",
        offers.runs,
    ),
    Command("export", "Write the events that match as JSON lines.", _export, "FILE"),
    Command("all", "Also show the kinds their authors skip, or no longer.", _all),
    Command("notices", "Everything the notice line has said.", _notices),
    Command("reload", "Look at the workflow files again, now.", _reload),
    Command(
        "theme",
        "Another theme; without a name, light or dark.",
        _theme,
        "[NAME]",
        offers.themes,
    ),
    Command("mouse", "Leave the mouse to the terminal, or take it back.", _mouse),
    Command("demo", "Open the samples.", _demo),
    Command("help", "The keys that work here.", _help),
    Command("quit", "Leave tuiflow. Runs go on.", _quit),
)
