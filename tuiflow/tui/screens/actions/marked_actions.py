"""What is done to several runs at once: to those that were marked, after one question."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from tuiflow.errors import TuiflowError
from tuiflow.model.ids import RunId
from tuiflow.service import RunRecord
from tuiflow.tui.screens.actions.cancel import Wish
from tuiflow.tui.screens.actions.run_actions import REASON, LeavesRuns
from tuiflow.tui.screens.ask import AskScreen
from tuiflow.tui.screens.page import Page

Then = Callable[[], object]
"""Called when it was done."""


def end_all(page: Page, runs: Sequence[RunRecord], wish: Wish, then: Then) -> None:
    """Ask, then cancel or kill those that go on."""
    going_on = [run.run_id for run in runs if not run.status.is_final]
    if not going_on:
        page.say("none of the marked runs goes on; esc takes the marks away")
        return
    service = page.service
    if wish == "cancel":
        do, said = partial(service.cancel, reason=REASON), "were asked to stop"
    else:
        do, said = service.kill, "were killed"
    few = f"{len(going_on)} of the {len(runs)} marked runs go on"
    question = AskScreen(f"{wish.capitalize()} {_runs(len(going_on))}?", f"{few}.", f"{wish} them")
    _ask(page, question, going_on, do, said, then)


def start_all_again(page: Page, runs: Sequence[RunRecord], then: Then) -> None:
    """Ask, then start each once more with the same input."""
    ids = [run.run_id for run in reversed(runs)]
    question = AskScreen(
        f"Start {_runs(len(ids))} again?", "Each with the input it had, all at once.", "start them"
    )
    _ask(page, question, ids, page.service.start_again, "were started again", then)


def delete_all(page: Page, runs: Sequence[RunRecord], home: LeavesRuns) -> None:
    """Ask, then delete them with all that is kept of them."""
    ids = [run.run_id for run in runs]
    what = "Their events and what they gave will be gone for good."
    question = AskScreen(f"Delete {_runs(len(ids))}?", what, "delete them")

    async def delete(run_id: RunId) -> None:
        await page.service.delete_run(run_id)
        home.leave_run(run_id)

    _ask(page, question, ids, delete, "were deleted", lambda: None)


def _ask(
    page: Page,
    question: AskScreen,
    ids: Sequence[RunId],
    do: Callable[[RunId], Awaitable[object]],
    said: str,
    then: Then,
) -> None:
    async def do_all() -> None:
        refusals: list[str] = []
        for run_id in ids:
            try:
                await do(run_id)
            except TuiflowError as error:
                refusals.append(str(error))
        then()
        _tell(page, len(ids) - len(refusals), said, refusals)
        page.tuiflow.clock.hurry()

    def answered(yes: bool | None) -> None:  # noqa: FBT001 - what a screen gives back
        if yes:
            page.work(do_all())

    page.tuiflow.ask(question, answered)


def _tell(page: Page, done: int, said: str, refusals: Sequence[str]) -> None:
    words = [f"{_runs(done)} {said if done != 1 else said.replace('were', 'was')}"] if done else []
    if refusals:
        more = f" and {len(refusals) - 1} more" if len(refusals) > 1 else ""
        words.append(f"{refusals[0]}{more}")
    page.say("; ".join(words), "error" if refusals else "done")


def _runs(count: int) -> str:
    return f"{count} run{'' if count == 1 else 's'}"
