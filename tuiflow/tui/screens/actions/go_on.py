"""Lets a run that has ended go on, or begin again at the step under the cursor: asks first."""

from collections.abc import Awaitable, Callable
from functools import partial

from tuiflow.model.ids import NodePath, RunId, short_id
from tuiflow.model.status import Status
from tuiflow.service import Reuse, WorkflowEntry
from tuiflow.tui.screens.actions.run_actions import Then
from tuiflow.tui.screens.ask import AskScreen
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.start.start_wish import StartWish, run_from
from tuiflow.tui.screens.watch import Watch

_LOOKING = "Looking at what is reused, and whether its code has changed …"


def go_on(page: Page, watch: Watch, path: NodePath | None, then: Then) -> None:
    """Ask, then resume a run that ended badly; of a completed one show its input in the form."""
    run_id = watch.run_id
    if run_id is None:
        return
    if watch.status is not Status.COMPLETED:
        resume(page, run_id, then)
    elif watch.entry is None:
        page.say("its workflow is not in the folder any more", "error")
    else:
        start = path if path != watch.state.root else None
        page.tuiflow.hold_typing(_show_form(page, watch.entry, run_id, start, then))


def resume(page: Page, run_id: RunId, then: Then) -> None:
    """Ask with what is reused and what has changed, then let a run go on under its id."""

    async def act() -> RunId:
        await page.service.resume(run_id)
        return run_id

    async def acting() -> None:
        then(await page.attempt(act()))

    def answered(yes: bool | None) -> None:  # noqa: FBT001 - what a screen gives back
        if yes:
            page.work(acting())

    foresee = partial(_foresee, page, run_id)
    title = f"Resume run {short_id(run_id)}?"
    page.tuiflow.ask(GoOnScreen(title, "let it go on", foresee), answered)


async def _show_form(
    page: Page, entry: WorkflowEntry, run_id: RunId, start: NodePath | None, then: Then
) -> None:
    # Deferred, as where a run is started.
    from tuiflow.tui.screens.start.start import StartScreen  # noqa: PLC0415

    async def wished() -> StartWish:
        given = await page.service.read_run_input(run_id)
        return await run_from(page.service, entry, (run_id, given), start)

    wish = await page.attempt(wished())
    if wish is not None:
        await page.app.push_screen(StartScreen(wish), then)


async def _foresee(page: Page, run_id: RunId) -> Reuse | None:
    return await page.attempt(page.service.foresee(run_id))


class GoOnScreen(AskScreen):
    """Says what is reused and what has changed since, before it takes a yes."""

    def __init__(
        self, title: str, wish: str, foresee: Callable[[], Awaitable[Reuse | None]]
    ) -> None:
        super().__init__(title, _LOOKING, wish)
        self._foresee = foresee
        self._is_foreseen = False

    def on_mount(self) -> None:
        self.run_worker(self._look(), exit_on_error=False)

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 - an action's argument
        if self._is_foreseen or not answer:
            super().action_answer(answer)

    async def _look(self) -> None:
        reuse = await self._foresee()
        if reuse is None:
            # Why it cannot go on stands on the notice line.
            super().action_answer(answer=False)
            return
        self.ask("\n".join(reuse.sentences))
        self._is_foreseen = True
