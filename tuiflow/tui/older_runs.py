"""Says beside a reload which runs go on with the code from before it."""

from typing import TYPE_CHECKING

from tuiflow.model.ids import short_id

if TYPE_CHECKING:
    from tuiflow.service import Service

_SHORT = 4  # characters of a revision
_LOOKED_AT = 50  # newest runs


async def older_runs(service: "Service") -> str:
    """Name the run that is on an older revision of its file, or count them; empty for none."""
    revisions = {str(entry.file): entry.report.revision for entry in service.catalog.entries}
    runs = [
        run
        for run in await service.list_runs(limit=_LOOKED_AT)
        if not run.status.is_final and run.revision != revisions.get(run.file or "", run.revision)
    ]
    if len(runs) > 1:
        return f"{len(runs)} runs still on the code from before"
    return "".join(
        f"run {short_id(run.run_id)} still on rev {str(run.revision)[:_SHORT]}" for run in runs
    )
