"""Lets a run that has ended go on, or begin again at the step under the cursor: asks first."""

from collections.abc import Awaitable, Callable
from functools import partial

from tuiflow.model.ids import NodePath, RunId, display_path, short_id
from tuiflow.model.status import Status
from tuiflow.service import Reuse
from tuiflow.tui.screens.ask import AskScreen
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.watch import Watch

_LOOKING = "Looking at what is reused, and whether its code has changed …"


def go_on(
    page: Page, watch: Watch, path: NodePath | None, then: Callable[[RunId | None], None]
) -> None:
    """Ask, then resume a run that ended badly, else run a completed one again from a node."""
    run_id = watch.run_id
    if run_id is None:
        return
    is_done = watch.status is Status.COMPLETED
    start = path if is_done and path and path != watch.state.root else None

    async def act() -> RunId:
        if is_done:
            return await page.service.rerun(run_id, from_path=start)
        await page.service.resume(run_id)
        return run_id

    async def acting() -> None:
        then(await page.attempt(act()))

    def answered(yes: bool | None) -> None:  # noqa: FBT001 - what a screen gives back
        if yes:
            page.run_worker(acting(), exit_on_error=False)

    foresee = partial(_foresee, page, run_id, start, is_done=is_done)
    title, wish = _words(run_id, start, is_done=is_done)
    page.tuiflow.ask(GoOnScreen(title, wish, foresee), answered)


def _words(run_id: RunId, start: NodePath | None, *, is_done: bool) -> tuple[str, str]:
    name = short_id(run_id)
    if not is_done:
        return f"Resume run {name}?", "let it go on"
    place = display_path(start) if start else "its beginning"
    return f"Run {name} again from {place}?", "start a new run there"


async def _foresee(
    page: Page, run_id: RunId, start: NodePath | None, *, is_done: bool
) -> Reuse | None:
    if is_done and start is None:
        return Reuse()
    return await page.attempt(page.service.foresee(run_id, start))


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
