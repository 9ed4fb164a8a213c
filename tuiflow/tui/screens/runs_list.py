"""Keeps the list of workflows and runs: what it shows, and what its cursor means."""

from tuiflow.model.ids import RunId
from tuiflow.service import CatalogState, RunRecord, Service, WorkflowEntry
from tuiflow.tui.screens.run_rows import BROKEN, MORE, RUN, WORKFLOW, ListContents, list_rows
from tuiflow.tui.screens.watch import Watch, watch_workflow
from tuiflow.tui.widgets.run_list import ListRow, RunList

KNOWN_RUNS = 200  # newest ones


class RunsList:
    """Stands between the service and the list's widget."""

    def __init__(self, service: Service, widget: RunList) -> None:
        self._service = service
        self._widget = widget
        self._rows: list[ListRow] = []
        self._unfolded: frozenset[str] = frozenset()
        self._catalog_version = -1
        self._wanted: str | None = None
        self.runs: list[RunRecord] = []

    @property
    def catalog(self) -> CatalogState:
        return self._service.catalog

    async def pull(self, *, has_news: bool) -> bool:
        """Read the runs when there is news, and show what has changed; say whether anything had."""
        if has_news or self._catalog_version < 0:
            self.runs = await self._service.list_runs(limit=KNOWN_RUNS)
        is_same_catalog = self._catalog_version == self.catalog.version
        if is_same_catalog and not has_news and all(run.status.is_final for run in self.runs):
            return False
        return self.show()

    def show(self) -> bool:
        """Draw the rows again where they differ; running ones count on, second by second."""
        now = self._service.now()
        self._catalog_version = self.catalog.version
        contents = ListContents(
            self.catalog, self.runs, self._unfolded, ascii=self._service.settings.ascii
        )
        rows = list_rows(contents, now)
        if rows == self._rows:
            return False
        self._rows = rows
        self._widget.show(rows)
        if self._wanted is not None and self._widget.move_to(self._wanted):
            self._wanted = None
        return True

    def want(self, row_id: str) -> None:
        """Put the cursor on a row, as soon as it is there."""
        self._wanted = None if self._widget.move_to(row_id) else row_id

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
        """Show every known run of a workflow."""
        self._unfolded |= {row_id.removeprefix(MORE)}
        self.show()

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
            return Watch(entry=self.entry_of_run(record) if record else None, run_id=run_id)
        if row_id.startswith(BROKEN):
            name = row_id.removeprefix(BROKEN)
            found = next((one for one in self.catalog.broken if str(one.file) == name), None)
            return Watch(broken=found) if found else None
        return None

    def first_row(self) -> str | None:
        """Choose where the cursor stands at the start: the newest running run, else a workflow."""
        for run in self.runs:
            if not run.status.is_final:
                return RUN + run.run_id
        return next((row.id for row in self._rows if row.kind != "note"), None)
