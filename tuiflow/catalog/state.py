"""What the catalog shows: frozen values, replaced as a whole when something changes."""

from dataclasses import dataclass
from pathlib import Path

from tuiflow.model.failure import Failure
from tuiflow.model.outline import FileReport, WorkflowOutline


@dataclass(frozen=True, slots=True)
class Notice:
    """One line about something that happened; `at` is microseconds since 1970."""

    at: int
    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class WorkflowEntry:
    """A workflow on offer, as the last good import of its file reported it."""

    key: str
    """Its name, or `FILE:NAME` where several files define that name."""
    name: str
    file: Path
    outline: WorkflowOutline
    report: FileReport
    failure: Failure | None = None
    """Why the file cannot be imported as it is now; `report` is its last good revision."""
    is_probing: bool = False


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """A workflow file that cannot be imported and of which no good revision is known."""

    file: Path
    failure: Failure


@dataclass(frozen=True, slots=True)
class CatalogState:
    """Everything the catalog knows at one moment; `version` grows with every change."""

    folder: Path
    entries: tuple[WorkflowEntry, ...] = ()
    broken: tuple[BrokenFile, ...] = ()
    not_imported: int = 0
    """Python files in the folder that do not import tuiflow."""
    watching: int = 0
    """Workflow files being watched."""
    probing: int = 0
    """Files being imported just now."""
    notice: Notice | None = None
    has_scanned: bool = False
    """The folder has been read once: an empty list is now the truth."""
    version: int = 0
