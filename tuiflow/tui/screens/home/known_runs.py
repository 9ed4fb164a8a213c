"""Which runs the list knows: the newest, and older ones where somebody looks further back."""

from collections.abc import Sequence, Set
from contextlib import suppress

from tuiflow.errors import RunNotFoundError
from tuiflow.model.ids import RunId
from tuiflow.service import RunRecord, Service

NEWEST = 200
PAGE = 200


class KnownRuns:
    """Reads the newest runs again when there is news; what is older and over is read once."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._has_all = True
        self._looked_back: set[str] = set()
        self._whole: set[str] = set()
        self._listed: list[RunRecord] = []
        self._called: list[RunRecord] = []
        """Those that go on or that somebody has gone to by their id, however old they are."""
        self._asked: set[RunId] = set()
        self.runs: list[RunRecord] = []
        """Newest first."""

    async def read(self, keep: Set[RunId] = frozenset()) -> None:
        """Read what is new; what is to `keep` stays, however many are newer by now."""
        newest = await self._service.list_runs(limit=NEWEST)
        self._has_all = len(newest) < NEWEST
        there = {run.run_id for run in newest}
        looked_back = frozenset[str]() if self._has_all else self._looked_back
        passed = [run for run in self._listed if run.run_id not in there]
        older = [run for run in passed if run.workflow_name in looked_back]
        passed = [run for run in passed if run.workflow_name not in looked_back]
        called = [run for run in self._called if run.run_id not in there]
        called += [run for run in passed if run.run_id in keep]
        kept = set[RunId]()
        if older or called or not self._has_all:
            kept = await self._service.runs_there([run.run_id for run in (*older, *called)])
        self._listed = [*newest, *await self._again(older, kept)]
        self._called = await self._again(called, kept)
        self._put_together()
        for run_id in kept - {run.run_id for run in self.runs}:
            await self.know(run_id)

    async def _again(self, runs: Sequence[RunRecord], kept: set[RunId]) -> list[RunRecord]:
        """Leave out what another process has deleted, and read what goes on."""
        found: list[RunRecord] = []
        for run in runs:
            if run.run_id in kept and run.status.is_final:
                found.append(run)
            elif run.run_id in kept:
                with suppress(RunNotFoundError):
                    found.append(await self._service.get_run(run.run_id))
        return found

    async def know(self, run_id: RunId) -> bool:
        """Read a run that is not among the known ones, once; say whether there was anything new."""
        if not run_id or run_id in self._asked or any(run.run_id == run_id for run in self.runs):
            return False
        self._asked.add(run_id)
        with suppress(RunNotFoundError):
            run = await self._service.get_run(run_id)
            self._called += [run] if run.parent_run_id is None else []
        self._put_together()
        return True

    def has_more(self, workflow_name: str) -> bool:
        """Say whether there may be runs of it that are not known."""
        return not self._has_all and workflow_name not in self._whole

    async def look_back(self, workflow_name: str) -> None:
        """Read a page of older runs of one workflow."""
        known = [run for run in self._listed if run.workflow_name == workflow_name]
        before = known[-1].run_id if known else None
        try:
            page = await self._service.list_runs(
                workflow_name=workflow_name, limit=PAGE, before=before
            )
        except RunNotFoundError:
            # The oldest one has just been deleted: the next look begins at another.
            self._listed = [run for run in self._listed if run.run_id != before]
        else:
            self._looked_back.add(workflow_name)
            self._whole |= {workflow_name} if len(page) < PAGE else set()
            self._listed = [*self._listed, *page]
        self._put_together()

    def forget(self, run_id: RunId) -> None:
        """Leave out a run that was deleted."""
        self._listed = [run for run in self._listed if run.run_id != run_id]
        self._called = [run for run in self._called if run.run_id != run_id]
        self._put_together()

    def _put_together(self) -> None:
        listed = {run.run_id for run in self._listed}
        called = [run for run in self._called if run.run_id not in listed]
        runs = [*self._listed, *called]
        if called:
            runs.sort(key=lambda run: run.created_at, reverse=True)
        self.runs = runs
