"""Why a key of the home page does nothing just now, in one sentence."""

from tuiflow.model.ids import short_id
from tuiflow.service import CatalogState
from tuiflow.tui.screens.watch import Watch


def why_not(action: str, watch: Watch, catalog: CatalogState) -> str:
    """Say it, or nothing when the key works."""
    match action:
        case "start":
            return _why_not_start(watch, catalog)
        case "cancel" | "kill":
            return _why_not_cancel(watch)
        case "again" | "go_on":
            return _why_not_repeat(action, watch)
        case "next_failure":
            return "" if watch.state.failed else "nothing failed here"
        case "new":
            return "only in a folder without workflows" if catalog.entries else ""
        case _:
            return ""


def _why_not_start(watch: Watch, catalog: CatalogState) -> str:
    if watch.entry is not None:
        return ""
    if watch.broken is not None:
        return "this file cannot be imported; the pane below says why"
    if catalog.probing or not catalog.has_scanned:
        return "the workflows are still loading"
    if watch.run_id is not None:
        return "this run's workflow is not in the folder"
    return "choose a workflow first" if catalog.entries else "there is no workflow here yet"


def _why_not_repeat(action: str, watch: Watch) -> str:
    if watch.run_id is None:
        return "choose a run first; s starts a workflow"
    goes_on = action == "go_on" and watch.is_active
    return "this run goes on: R is for one that is over" if goes_on else ""


def _why_not_cancel(watch: Watch) -> str:
    if watch.run_id is None:
        return "choose a run first"
    if watch.is_active:
        return ""
    return f"run {short_id(watch.run_id)} is over ({watch.status.value}); r runs it again"
