"""What a person can do to runs: each asks where it must, and says how it went."""

from collections.abc import Callable
from typing import Protocol

import anyio

from tuiflow.errors import TuiflowError
from tuiflow.model.ids import RunId, short_id
from tuiflow.service import CancelAnswer, WorkflowEntry
from tuiflow.tui.lending import has_editor
from tuiflow.tui.screens.actions.cancel import CancelScreen, Wish
from tuiflow.tui.screens.ask import AskScreen
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.panes import viewing
from tuiflow.tui.screens.panes.about import short_path
from tuiflow.tui.screens.start.start_wish import Past, new_run
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.widgets.line_pane import LinePane

REASON = "cancelled on the screen"
Then = Callable[[RunId | None], None]
"""Called with the new run, or with None when nothing was started."""

# The questions are pushed at once and answered by a callback: a person types `s` and `enter`, or
# `x` and `y`, faster than a task begins.


def start(page: Page, watch: Watch, then: Then) -> None:
    """Show the form, with what the chosen run was given in it, else the last one."""
    entry = watch.entry
    if entry is None:
        return

    async def show() -> None:
        # Deferred: the first picture has no form in it, and text boxes take long to import.
        from tuiflow.tui.screens.start.start import StartScreen  # noqa: PLC0415

        past = await _past_input(page, entry, watch.run_id)
        await page.app.push_screen(StartScreen(new_run(page.service, entry, past)), then)

    page.tuiflow.hold_typing(show())


async def wait_for(page: Page, holds: Callable[[], bool], seconds: float) -> None:
    """Look until something holds, for so long at most."""
    with anyio.move_on_after(seconds):
        while not holds():
            await page.tuiflow.clock.look()


async def _past_input(page: Page, entry: WorkflowEntry, run_id: RunId | None) -> Past | None:
    try:
        if run_id is None:
            runs = await page.service.list_runs(workflow_name=entry.name, limit=1)
            run_id = runs[0].run_id if runs else None
        return None if run_id is None else (run_id, await page.service.read_run_input(run_id))
    except TuiflowError:
        # The form is for a new run: it can begin with nothing as well.
        return None


def again(page: Page, watch: Watch, then: Then) -> None:
    """Start the run once more: at once when it is over, after a question while it goes on."""
    run_id = watch.run_id
    if run_id is None:
        return

    async def start_again() -> None:
        then(await page.attempt(page.service.start_again(run_id)))

    def answered(yes: bool | None) -> None:  # noqa: FBT001 - what a screen gives back
        if yes:
            page.work(start_again())

    wants_asking = watch.entry is not None and watch.entry.outline.confirm
    if not watch.is_active and not wants_asking:
        answered(yes=True)
        return
    state = "is still going on" if watch.is_active else "is to be confirmed before it starts"
    question = f"Run {short_id(run_id)} {state}."
    wish = "start another one with the same input"
    page.tuiflow.ask(AskScreen("Run again?", question, wish), answered)


def cancel(page: Page, watch: Watch, wish: Wish = "cancel") -> None:
    """Ask, then cancel or kill the run that was watched when the key was pressed."""
    run_id = watch.run_id
    if run_id is None:
        return

    def answered(answer: Wish | None) -> None:
        if answer is not None:
            page.work(_end(page, run_id, answer))

    page.tuiflow.ask(CancelScreen(page.service, run_id, watch, wish), answered)


class LeavesRuns(Protocol):
    """A page that can look elsewhere."""

    def leave_run(self, run_id: RunId) -> None:
        """Look elsewhere."""
        ...


def delete(page: Page, run_id: RunId, home: LeavesRuns) -> None:
    """Ask, then delete a run with all that is kept of it."""
    name = short_id(run_id)

    async def do() -> None:
        await page.service.delete_run(run_id)
        home.leave_run(run_id)
        page.say(f"deleted run {name}")
        page.tuiflow.clock.hurry()

    def answered(yes: bool | None) -> None:  # noqa: FBT001 - what a screen gives back
        if yes:
            page.work(page.attempt(do()))

    question = f"Run {name}, its events and what it gave will be gone for good."
    page.tuiflow.ask(AskScreen("Delete this run?", question, "delete it"), answered)


def write_hello(page: Page) -> None:
    """Write a first workflow and open it; the folder is watched, so it comes up by itself."""
    try:
        path = page.service.write_hello()
    except (TuiflowError, OSError) as error:
        page.say(str(error), "error")
    else:
        name = short_path(path, page.service.project)
        # Nobody who has named no editor wants to find out how to leave vi.
        if has_editor():
            viewing.edit(page, path, 1)
            page.say(f"wrote {name}")
        else:
            page.say(f"wrote {name}: open it in your editor")


def copy_text(page: Page, pane: LinePane | None) -> None:
    """Copy a pane's text, and keep it in a file: not every terminal takes what it is sent."""
    text = _text_to_copy(page, pane)
    if text is None:
        page.say("nothing to copy here; 5 goes to the text")
        return
    page.copy_out(text)


def _text_to_copy(page: Page, pane: LinePane | None) -> str | None:
    """Take what the mouse selected, the lines that were chosen, or all there is."""
    if text := page.get_selected_text():
        return text
    if pane is None:
        return None
    if (chosen := pane.chosen_text) is not None:
        pane.end_choice()
        return chosen
    return pane.whole_text or None


async def _end(page: Page, run_id: RunId, wish: Wish) -> None:
    name = short_id(run_id)
    if wish == "cancel":
        answer = await page.attempt(page.service.cancel(run_id, reason=REASON))
        if answer is not None:
            page.say(_ANSWERS[answer].format(name))
    else:
        was_killed = await page.attempt(page.service.kill(run_id))
        if was_killed is not None:
            page.say(f"killed run {name}" if was_killed else f"run {name} had ended already")
    page.tuiflow.clock.hurry()


_ANSWERS = {
    CancelAnswer.REQUESTED: "run {} was asked to stop",
    CancelAnswer.NEVER_STARTED: "run {} was cancelled before it started",
    CancelAnswer.ALREADY_OVER: "run {} had ended already",
}
