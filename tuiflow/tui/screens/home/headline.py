"""The line at the top and the title over the tree."""

from collections.abc import Sequence

from textual.content import Content

from tuiflow.model.ids import NodePath, display_path, short_id
from tuiflow.model.status import FAILED, Status
from tuiflow.service import CatalogState, RunRecord, Service, WorkflowEntry
from tuiflow.tui.bars import BarLine
from tuiflow.tui.format import duration, running_for, size
from tuiflow.tui.glyphs import glyph
from tuiflow.tui.run_words import silent_for
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.panes.about import short_path
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.theme import MUTED, status_style

_DAY = 86_400 * 1_000_000
_STATE_CELLS = 46  # of the tree's title, beside the name
_SHORTEST_NAME = 12  # cells
_SIZE_AGE = 5_000_000  # microseconds before the size is asked for again


class Headline:
    """Keeps the line at the top; asks the database only when there is news."""

    def __init__(self, service: Service, line: BarLine) -> None:
        self._service = service
        self._line = line
        self._bytes = 0
        self._asked_at = 0
        self._failed = 0

    async def show(self, runs: Sequence[RunRecord], *, has_news: bool) -> None:
        """Show the line again; nothing is drawn when it says the same."""
        now = self._service.now()
        if has_news:
            counts = await self._service.count_runs(now - _DAY)
            self._failed = sum(counts.get(status, 0) for status in FAILED)
        if has_news and now - self._asked_at > _SIZE_AGE:
            self._asked_at = now
            self._bytes = await self._service.database_size()
        running = sum(not run.status.is_final for run in runs)
        self._line.show(
            headline_left(self._service, self._service.catalog),
            headline_right(self._service, running, self._failed, self._bytes),
        )


def shown_folder(service: Service) -> str:
    """Name the folder of the workflows, as short as can be."""
    return safe_line(short_path(service.folder, service.project.parent), 40)


def headline_left(service: Service, catalog: CatalogState) -> Sequence[Content]:
    """Say whose workflows these are, and whether they are being watched."""
    parts = [(" tuiflow", "bold $primary"), (f"  {shown_folder(service)}", "")]
    if catalog.broken or any(entry.failure for entry in catalog.entries):
        count = len(catalog.broken) + len({e.file for e in catalog.entries if e.failure})
        parts.append((f"  ! {count} broken", "bold $error"))
    watching = Content()
    if catalog.probing:
        watching = Content.styled(f"  ↻ loading {catalog.probing}", "$warning")
    elif catalog.has_scanned:
        files = "file" if catalog.watching == 1 else "files"
        watching = Content.styled(f"  watching {catalog.watching} {files}", MUTED)
    return Content.assemble(*parts), watching


def headline_right(
    service: Service, running: int, failed: int, bytes_used: int
) -> Sequence[Content]:
    """Count what runs and what failed of late, and name the database."""
    parts: list[tuple[str, str]] = []
    for count, status, word in (
        (running, Status.RUNNING, "running"),
        (failed, Status.ERROR, "failed"),
    ):
        if count:
            sign = glyph(status)
            parts.append((f"{sign} {count} {word}   ", status_style(status)))
    name = safe_line(service.database.name, 30)
    return Content.assemble(*parts), Content.styled(f"{name} {size(bytes_used)} ", MUTED)


def steps_title(
    watch: Watch, stopping: str, now: int, zoomed: NodePath | None = None, *, width: int = 160
) -> Content:
    """Title the tree: the workflow, the run, and how it stands; a long name gives way to that."""
    root = watch.state.nodes.get(watch.state.root) if watch.state.root else None
    if root is None:
        return Content("2 Steps")
    room = max(width - _STATE_CELLS, _SHORTEST_NAME)
    name = safe_line(display_path(zoomed) if zoomed else root.name, min(room, 80 if zoomed else 40))
    parts: list[tuple[str, str]] = [("2 Steps  ", ""), (name, "bold")]
    if watch.run_id is None:
        return Content.assemble(*parts, ("  not started", MUTED))
    parts.append((f"#{short_id(watch.run_id)}  ", MUTED))
    status = Status.CANCELLED if stopping else watch.status
    silent = silent_for(watch.record, now) if watch.record and not stopping else ""
    word = "stalled" if silent else "starting" if status is Status.PENDING else status.value
    word = stopping or word
    parts.append((f"{glyph(status)} {word}", "bold $warning" if silent else status_style(status)))
    facts = watch.state.run
    if facts.started_at is not None and not stopping:
        ended = facts.ended_at
        took = duration(ended - facts.started_at) if ended else running_for(now - facts.started_at)
        parts.append((f" {took}", MUTED))
    if silent:
        parts.append((f"  silent for {silent}", "$warning"))
    if root.children:
        done, count = watch.state.counts(root.path)
        parts.append((f"  {done}/{count}", MUTED))
    if kept := older_revision(watch.record, watch.entry):
        parts.append((f"  rev {kept}, the file has changed since", MUTED))
    return Content.assemble(*parts)


def older_revision(run: RunRecord | None, entry: WorkflowEntry | None) -> str:
    """Name the revision of a run that was made from another one than its file offers now."""
    revision = run.revision if run is not None and entry is not None else None
    is_other = revision is not None and entry is not None and revision != entry.report.revision
    return revision[:4] if revision is not None and is_other else ""
