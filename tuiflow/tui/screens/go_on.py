"""Lets a run that has ended go on, or begin again at the step under the cursor: asks first."""

from collections.abc import Callable, Iterator, Sequence

from tuiflow.model.ids import NodePath, RunId, display_path, path_name, short_id
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.tui.screens.ask import AskScreen
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.watch import Watch

_MOST_NAMED = 6  # steps
_KEPT = frozenset({Status.COMPLETED, Status.REUSED})


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

    kept = list(kept_steps(watch.state, start if is_done else None, is_rerun=is_done))
    name = short_id(run_id)
    if is_done:
        title = f"Run {name} again from {display_path(start) if start else 'its beginning'}?"
        wish = "start a new run there"
    else:
        title, wish = f"Resume run {name}?", "let it go on"
    page.tuiflow.ask(AskScreen(title, _reused_words(kept), wish), answered)


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
