"""Which runs the list knows: the newest, and older ones where somebody looks further back."""

from tuiflow.errors import RunNotFoundError
from tuiflow.model.ids import RunId
from tuiflow.service import RunRecord, Service

NEWEST = 200
PAGE = 200


class KnownRuns:
    """Reads the newest runs again when there is news; what is older is read once."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._has_all = True
        self._looked_back: set[str] = set()
        self._whole: set[str] = set()
        self.runs: list[RunRecord] = []
        """Newest first."""

    async def read(self) -> None:
        """Read what is new."""
        newest = await self._service.list_runs(limit=NEWEST)
        self._has_all = len(newest) < NEWEST
        there = {run.run_id for run in newest}
        looked_back = frozenset[str]() if self._has_all else self._looked_back
        older = [run for run in self.runs if run.workflow_name in looked_back]
        again = [await self._again(run) for run in older if run.run_id not in there]
        self.runs = [*newest, *(run for run in again if run is not None)]

    async def _again(self, run: RunRecord) -> RunRecord | None:
        if run.status.is_final:
            return run
        try:
            return await self._service.get_run(run.run_id)
        except RunNotFoundError:
            return None

    def has_more(self, workflow_name: str) -> bool:
        """Say whether there may be runs of it that are not known."""
        return not self._has_all and workflow_name not in self._whole

    async def look_back(self, workflow_name: str) -> None:
        """Read a page of older runs of one workflow."""
        known = [run for run in self.runs if run.workflow_name == workflow_name]
        before = known[-1].run_id if known else None
        page = await self._service.list_runs(workflow_name=workflow_name, limit=PAGE, before=before)
        self._looked_back.add(workflow_name)
        if len(page) < PAGE:
            self._whole.add(workflow_name)
        self.runs = [*self.runs, *page]

    def forget(self, run_id: RunId) -> None:
        """Leave out a run that was deleted."""
        self.runs = [run for run in self.runs if run.run_id != run_id]
