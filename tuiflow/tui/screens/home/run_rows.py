"""The rows of the list: each workflow with its runs, and what is broken. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tuiflow.model.failure import Failure
from tuiflow.model.ids import RunId, short_id
from tuiflow.model.status import FAILED, Status
from tuiflow.service import BrokenFile, CatalogState, RunRecord, WorkflowEntry
from tuiflow.tui.format import ago, duration, running_for
from tuiflow.tui.glyphs import BROKEN_GLYPH, glyph
from tuiflow.tui.run_words import standing
from tuiflow.tui.widgets.run_list import ListRow

FOLDED = 4  # finished runs shown of a workflow that is not unfolded
WORKFLOW, RUN, BROKEN, MORE = "workflow:", "run:", "broken:", "note:more:"


@dataclass(frozen=True)
class ListContents:
    """Everything the list is drawn from."""

    catalog: CatalogState
    runs: Sequence[RunRecord] = ()
    """Newest first."""
    unfolded: frozenset[str] = field(default_factory=frozenset[str])
    """Keys of workflows whose every known run is shown."""
    more: frozenset[str] = field(default_factory=frozenset[str])
    """Names of workflows of which more runs are kept than are known."""
    marked: frozenset[RunId] = field(default_factory=frozenset[RunId])
    is_all: bool = False
    """Nothing is folded: somebody looks for something."""
    kept: frozenset[RunId] = field(default_factory=frozenset[RunId])
    """Runs that are never folded away: the one under the cursor, and those that are marked."""


def list_rows(contents: ListContents, now: int) -> list[ListRow]:
    """Make the rows; times are microseconds."""
    rows: list[ListRow] = []
    by_workflow = _group(contents)
    file: Path | None = None
    for entry in contents.catalog.entries:
        runs = by_workflow.pop(entry.key, [])
        rows.append(_workflow_row(contents, entry, runs))
        rows.extend(_failure_notes(entry) if entry.file != file else ())
        file = entry.file
        rows.extend(_run_rows(contents, entry.key, entry.name, runs, now))
    for broken in contents.catalog.broken:
        rows.append(_broken_row(broken))
        where = _where(broken.file, broken.failure)
        rows.append(ListRow(f"note:broken:{broken.file}", "", None, where, "", 1, "note"))
    for name, runs in by_workflow.items():
        row_id = f"note:gone:{name}"
        rows.append(ListRow(row_id, "·", None, name, "not in this folder", 0, "note"))
        rows.extend(_run_rows(contents, name, name, runs, now))
    if not rows:
        catalog = contents.catalog
        is_known = catalog.has_scanned and not catalog.probing
        text = "no workflows yet" if is_known else "loading workflows"
        rows.append(ListRow("note:empty", "", None, text, "", 0, "note"))
    return rows


def run_time(run: RunRecord, now: int) -> str:
    """Say how long a run goes on, took, or when it ends."""
    if run.status is Status.PENDING:
        return "starting"
    began = run.started_at or run.created_at
    if not run.status.is_final:
        return standing(run, now) or running_for(now - began)
    return f"{duration((run.ended_at or now) - began)}  {ago(run.ended_at or run.created_at, now)}"


def _group(contents: ListContents) -> dict[str, list[RunRecord]]:
    # Two files may offer one name: a run belongs to the one its file says.
    keys: dict[tuple[str, str], str] = {}
    by_name: dict[str, str] = {}
    for entry in contents.catalog.entries:
        keys[entry.name, str(entry.file)] = entry.key
        by_name.setdefault(entry.name, entry.key)
    groups: dict[str, list[RunRecord]] = {}
    for run in contents.runs:
        name = run.workflow_name
        key = keys.get((name, run.file or ""), by_name.get(name, name))
        groups.setdefault(key, []).append(run)
    return groups


def _workflow_row(
    contents: ListContents, entry: WorkflowEntry, runs: Sequence[RunRecord]
) -> ListRow:
    active = sum(not run.status.is_final for run in runs)
    status = runs[0].status if runs else None
    sign = glyph(status) if status else "·"
    detail = f"{active} active" if active else "idle"
    if active:
        status, sign = Status.RUNNING, glyph(Status.RUNNING)
    if entry.failure is not None:
        status, sign, detail = Status.ERROR, BROKEN_GLYPH, "broken"
    elif entry.is_probing:
        detail = "loading"
    return ListRow(WORKFLOW + entry.key, sign, status, entry.key, detail, 0, "workflow")


def _failure_notes(entry: WorkflowEntry) -> Iterable[ListRow]:
    if entry.failure is not None:
        texts = {
            "failure": _where(entry.file, entry.failure),
            "good": f"rev {entry.report.revision[:4]} still starts",
        }
        for what, text in texts.items():
            yield ListRow(f"note:{what}:{entry.key}", "", None, text, "", 1, "note")


def _broken_row(broken: BrokenFile) -> ListRow:
    row_id = f"{BROKEN}{broken.file}"
    return ListRow(row_id, BROKEN_GLYPH, Status.ERROR, broken.file.name, "broken", 0, "broken")


def _where(file: Path, failure: Failure) -> str:
    frame = failure.frame_in(file.parent)
    if frame is None:
        return f"{file.name}: {failure.type}"
    return f"{Path(frame.file).name}:{frame.line} {failure.type}"


def _run_rows(
    contents: ListContents, key: str, name: str, runs: Sequence[RunRecord], now: int
) -> Iterable[ListRow]:
    finished = 0
    hidden = 0
    is_unfolded = contents.is_all or key in contents.unfolded
    for run in runs:
        finished += run.status.is_final
        is_old = run.status.is_final and finished > FOLDED
        if is_old and not is_unfolded and run.run_id not in contents.kept:
            hidden += 1
        else:
            yield _run_row(contents, run, now)
    has_more = name in contents.more
    if hidden or has_more:
        text = f"{hidden}{'+' if has_more else ''} more" if hidden else "older runs"
        yield ListRow(f"{MORE}{key}", "…", None, text, "enter", 1, "note")


def _run_row(contents: ListContents, run: RunRecord, now: int) -> ListRow:
    status = run.status
    if run.cancel_requested_at is not None and not status.is_final:
        status = Status.CANCELLED
    sign = glyph(status)
    return ListRow(
        RUN + run.run_id,
        sign,
        status,
        short_id(run.run_id),
        run_time(run, now),
        1,
        "run",
        run.run_id in contents.marked,
        _why_failed(run),
    )


def _why_failed(run: RunRecord) -> str:
    if run.status not in FAILED:
        return ""
    return run.failure.summary if run.failure is not None else f"{run.status}: {run.reason}"
