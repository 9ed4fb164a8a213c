"""Lines of source as they were when a run's code was imported, whatever stands on disk by now."""

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

import anyio

from tuiflow.model.ids import Revision
from tuiflow.model.revision import decode_source
from tuiflow.store import Store

_KEPT = 8  # revisions


class Sources:
    """Reads the sources of revisions, and keeps the last few at hand."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[Revision, Mapping[str, str]] = OrderedDict()

    async def lines(
        self, revision: Revision | None, file: str, line: int, around: int
    ) -> list[tuple[int, str]]:
        """Give numbered lines; none where the file is not part of the revision."""
        if revision is None or line < 1:
            return []
        text = (await self._of(revision)).get(file)
        if text is None:
            return []
        lines = decode_source(text).decode(errors="replace").splitlines()
        first = max(1, line - around)
        return list(enumerate(lines[first - 1 : line + around], start=first))

    async def has_changed(self, revision: Revision | None, file: str, project: Path) -> bool:
        """Say whether a file of the revision reads differently on disk by now."""
        text = (await self._of(revision)).get(file) if revision is not None else None
        if text is None:
            return False
        try:
            return await anyio.Path(project, file).read_bytes() != decode_source(text)
        except (OSError, ValueError):  # or what is no path at all
            return True

    async def _of(self, revision: Revision) -> Mapping[str, str]:
        if revision not in self._kept:
            report = await self._store.get_report(revision)
            self._kept[revision] = report.sources if report else {}
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(revision)
        return self._kept[revision]
