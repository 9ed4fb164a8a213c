"""Checks what is kept, and asks before it deletes what is not kept any longer."""

from tuiflow.model.ids import RunId, short_id
from tuiflow.tui.keeping_words import gone, nothing_wrong, would_go
from tuiflow.tui.screens.ask import AskScreen
from tuiflow.tui.screens.page import Page

_MOST_NAMED = 6  # runs


async def verify(page: Page, run_id: RunId | None) -> None:
    """Check a run, or all that is kept; each finding is a notice."""
    count = 0
    async for finding in page.service.verify(run_id):
        count += 1
        page.say(finding.sentence, "error")
    if not count:
        page.say(await nothing_wrong(page.service, run_id))
    elif count > 1:
        page.say(f"{count} things are wrong: `:notices` lists them", "error")


async def prune(page: Page) -> None:
    """Name what is not kept any longer, and delete it once that is wanted."""
    service = page.service
    old = await service.list_old_runs(service.retention)

    async def do() -> None:
        before = await service.database_size()
        deleted = await service.prune(old)
        page.say(gone(deleted, before - await service.database_size()))
        page.tuiflow.clock.hurry()

    def answered(yes: bool | None) -> None:  # noqa: FBT001 - what a screen gives back
        if yes:
            page.work(page.attempt(do()))

    if not old:
        page.say(would_go(old))
        return
    named = ", ".join(f"{short_id(run.run_id)} {run.workflow_name}" for run in old[:_MOST_NAMED])
    more = f" and {len(old) - _MOST_NAMED} more" if len(old) > _MOST_NAMED else ""
    question = f"{would_go(old)}: {named}{more}."
    page.tuiflow.ask(AskScreen("Delete what is not kept any longer?", question, "delete"), answered)
