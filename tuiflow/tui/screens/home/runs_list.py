"""Keeps the list of workflows and runs: what it shows, and what its cursor means."""

from textual.content import Content

from tuiflow.model.ids import RunId, short_id
from tuiflow.service import CatalogState, RunRecord, Service, WorkflowEntry
from tuiflow.tui.screens.home.headline import older_revision
from tuiflow.tui.screens.home.known_runs import KnownRuns
from tuiflow.tui.screens.home.run_filter import filtered
from tuiflow.tui.screens.home.run_rows import BROKEN, MORE, RUN, WORKFLOW, ListContents, list_rows
from tuiflow.tui.screens.watch import Watch, watch_workflow
from tuiflow.tui.theme import MUTED
from tuiflow.tui.titles import PANE_TITLES, set_title
from tuiflow.tui.widgets.run_list import ListRow, RunList


def run_of(row_id: str | None) -> RunId:
    """Give the run of a row; an empty id for any other row."""
    is_run = row_id is not None and row_id.startswith(RUN)
    return RunId(row_id.removeprefix(RUN)) if row_id is not None and is_run else RunId("")


class RunsList:
    """Stands between the service and the list's widget."""

    def __init__(self, service: Service, widget: RunList) -> None:
        self._service = service
        self._widget = widget
        self._rows: list[ListRow] = []
        self._unfolded: frozenset[str] = frozenset()
        self._catalog_version = -1
        self._now = 0
        self._wanted: str | None = None
        self._is_placed = False
        self._known = KnownRuns(service)
        self._marked: frozenset[RunId] = frozenset()
        self._looked_for = ""
        widget.finder = self.find

    @property
    def catalog(self) -> CatalogState:
        return self._service.catalog

    @property
    def runs(self) -> list[RunRecord]:
        """What is known, the newest first."""
        return self._known.runs

    async def pull(self, now: int, *, has_news: bool) -> bool:
        """Read the runs when there is news, and show what has changed; say whether anything had."""
        self._now = now
        if has_news or self._catalog_version < 0:
            await self._known.read(self._kept)
        is_further = await self._look_back() or await self._read_wanted()
        is_same_catalog = self._catalog_version == self.catalog.version
        if (
            is_same_catalog
            and not (has_news or is_further)
            and all(run.status.is_final for run in self.runs)
        ):
            return False
        return self.show()

    async def _read_wanted(self) -> bool:
        wanted = run_of(self._wanted)
        is_new = await self._known.know(wanted)
        if wanted and not any(run.run_id == wanted for run in self.runs):
            self._wanted = None  # it is gone
        return is_new

    @property
    def _kept(self) -> frozenset[RunId]:
        """Runs that are never folded away: those that are marked, looked at or wanted."""
        return self._marked | {run_of(self._widget.cursor_id), run_of(self._wanted)}

    def show(self) -> bool:
        """Draw the rows again where they differ; running ones count on, second by second."""
        self._catalog_version = self.catalog.version
        title = PANE_TITLES["runs"]
        if count := len(self.marked()):
            title = Content.assemble(title, (f"  {count} marked", MUTED))
        set_title(self._widget, title)
        names = {*(entry.name for entry in self.catalog.entries)}
        names |= {run.workflow_name for run in self.runs}
        contents = ListContents(
            self.catalog,
            self.runs,
            self._unfolded,
            more=frozenset(filter(self._known.has_more, names)),
            marked=self._marked,
            is_all=bool(self._looked_for),
            kept=self._kept,
        )
        rows, hits = filtered(list_rows(contents, self._now), self._looked_for)
        self._widget.say_found(self._looked_for, hits)
        if rows == self._rows:
            return False
        self._rows = rows
        self._widget.show(rows)
        if self._wanted is not None and self._widget.move_to(self._wanted):
            self._wanted = None
        return True

    def place_cursor(self, *, is_elsewhere: bool) -> bool:
        """Put the cursor on the first row of all, again as files come up; say whether it did.

        Once everything has been read, or somebody has done something, it stays where it is.
        """
        if self._is_placed or (row_id := self.first_row()) is None:
            return False
        is_taken = is_elsewhere or self._widget.was_moved
        self._is_placed = is_taken or self.is_settled
        return not is_taken and self._widget.move_to(row_id)

    def take_cursor(self) -> None:
        """Leave the cursor where it stands by now."""
        self._is_placed = self._is_placed or self.first_row() is not None

    def want(self, row_id: str) -> None:
        """Put the cursor on a row, as soon as it is there."""
        self._is_placed = True
        self._wanted = None
        if not self._widget.move_to(row_id):
            self._wanted = row_id
            self.show()

    @property
    def rows(self) -> tuple[ListRow, ...]:
        return tuple(self._rows)

    @property
    def is_waiting(self) -> bool:
        """The cursor is to stand on a row that is not there yet."""
        return self._wanted is not None

    @property
    def is_settled(self) -> bool:
        """Every file of the folder has been looked at."""
        return self.catalog.has_scanned and not self.catalog.probing

    def is_outdated(self, watch: Watch) -> bool:
        """Say whether what is watched of the catalog is no longer what it offers."""
        if watch.entry is not None:
            return self.entry(watch.entry.key) is not watch.entry
        if watch.broken is not None:
            return watch.broken not in self.catalog.broken
        return self.first_row() is not None

    def unfold(self, row_id: str) -> None:
        """Show every known run of a workflow, or fewer again."""
        key = row_id.removeprefix(MORE).removeprefix(WORKFLOW)
        self._unfolded ^= {key}
        self.show()

    async def _look_back(self) -> bool:
        """Read older runs where somebody looks at the place they will stand at."""
        for row_id in self._widget.ids_in_view():
            key = row_id.removeprefix(MORE)
            if key in self._unfolded and row_id.startswith(MORE):
                entry = self.entry(key)
                await self._known.look_back(entry.name if entry else key)
                return True
        return False

    def find(self, text: str) -> str:
        """Show only the runs a text is found in, under their workflows; give the count."""
        self._looked_for = text
        self.show()
        self._widget.go_to_hit()
        return self._widget.found if text else ""

    # Marks.

    def mark(self, row_id: str) -> None:
        """Mark a run, or mark it no longer."""
        self._marked ^= {RunId(row_id.removeprefix(RUN))}
        self.show()

    def unmark(self) -> None:
        """Mark none."""
        self._marked = frozenset()
        self.show()

    def forget(self, run_id: RunId) -> None:
        """Leave out a run that is to be deleted."""
        self._known.forget(run_id)
        self._marked -= {run_id}
        self.show()

    def marked(self) -> list[RunRecord]:
        """List the marked runs, the newest first."""
        return [run for run in self.runs if run.run_id in self._marked]

    def entry(self, key: str) -> WorkflowEntry | None:
        return next((entry for entry in self.catalog.entries if entry.key == key), None)

    def entry_of_run(self, record: RunRecord) -> WorkflowEntry | None:
        """Find the workflow a run was made from, if it is still on offer."""
        offers = [entry for entry in self.catalog.entries if entry.name == record.workflow_name]
        same_file = [entry for entry in offers if str(entry.file) == record.file]
        return next(iter(same_file or offers), None)

    def chosen(self) -> Watch | None:
        """Make a watch of what the cursor stands on; None for a mere note."""
        row_id = self._widget.cursor_id or ""
        if row_id.startswith(WORKFLOW):
            entry = self.entry(row_id.removeprefix(WORKFLOW))
            return watch_workflow(entry) if entry else None
        if row_id.startswith(RUN):
            run_id = RunId(row_id.removeprefix(RUN))
            record = next((run for run in self.runs if run.run_id == run_id), None)
            entry = self.entry_of_run(record) if record else None
            return Watch(entry=entry, run_id=run_id, record=record)
        if row_id.startswith(BROKEN):
            name = row_id.removeprefix(BROKEN)
            found = next((one for one in self.catalog.broken if str(one.file) == name), None)
            return Watch(broken=found) if found else None
        return None

    def on_older_code(self) -> str:
        """Say which runs go on with code that has changed since; empty where none does."""
        running = [run for run in self.runs if not run.status.is_final]
        kept = [(run, older_revision(run, self.entry_of_run(run))) for run in running]
        older = [f"run {short_id(run.run_id)} keeps rev {rev}" for run, rev in kept if rev]
        if len(older) > 1:
            return f"; {len(older)} runs keep the code they began with"
        return f"; {older[0]}" if older else ""

    def first_row(self) -> str | None:
        """Choose where the cursor stands at the start: the newest running run, else a workflow."""
        for run in self.runs:
            if not run.status.is_final:
                return RUN + run.run_id
        return next((row.id for row in self._rows if row.kind != "note"), None)
