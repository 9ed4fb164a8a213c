"""Lets a run that has ended go on, or begin again at the step under the cursor: asks first."""

from collections.abc import Iterator, Sequence

from tuiflow.model.ids import NodePath, RunId, path_name, short_id
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.tui.screens.ask import AskScreen
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.run_actions import Then
from tuiflow.tui.screens.start_wish import run_from
from tuiflow.tui.screens.watch import Watch

_MOST_NAMED = 6  # steps
_KEPT = frozenset({Status.COMPLETED, Status.REUSED})


def go_on(page: Page, watch: Watch, path: NodePath | None, then: Then) -> None:
    """Ask, then resume a run that ended badly; of a completed one show its input in a form."""
    run_id = watch.run_id
    if run_id is None:
        return
    if watch.status is Status.COMPLETED:
        start = path if path != watch.state.root else None
        reused = _reused_words(list(kept_steps(watch.state, start, is_rerun=True)))
        page.tuiflow.hold_typing(_show_form(page, watch, start, reused, then))
        return

    async def acting() -> None:
        async def act() -> RunId:
            await page.service.resume(run_id)
            return run_id

        then(await page.attempt(act()))

    def answered(yes: bool | None) -> None:  # noqa: FBT001 - what a screen gives back
        if yes:
            page.run_worker(acting(), exit_on_error=False)

    kept = list(kept_steps(watch.state, None, is_rerun=False))
    title = f"Resume run {short_id(run_id)}?"
    page.tuiflow.ask(AskScreen(title, _reused_words(kept), "let it go on"), answered)


async def _show_form(
    page: Page, watch: Watch, start: NodePath | None, reused: str, then: Then
) -> None:
    from tuiflow.tui.screens.start import StartScreen  # noqa: PLC0415 - as run_actions does

    if watch.entry is None or watch.run_id is None:
        page.say("its workflow is not in the folder any more", "error")
        return
    given = await page.attempt(page.service.read_run_input(watch.run_id))
    if given is not None:
        wish = run_from(page.service, watch.entry, (watch.run_id, given), start, reused)
        await page.app.push_screen(StartScreen(wish), then)


def kept_steps(state: RunState, start: NodePath | None, *, is_rerun: bool) -> Iterator[NodePath]:
    """Name the finished steps that are reused: all of them, or those that ended before a node."""
    begun = state.nodes[start].started_at if start else None
    if is_rerun and begun is None:
        return
    for node in state.nodes.values():
        is_before = begun is None or (node.ended_at or 0) <= begun
        if node.kind is NodeKind.STEP and node.status in _KEPT and is_before:
            yield node.path


def _reused_words(paths: Sequence[NodePath]) -> str:
    if not paths:
        return "No finished step is reused."
    named = ", ".join(path_name(path) for path in paths[:_MOST_NAMED])
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    return f"Reused and not run: {named}{more}."
