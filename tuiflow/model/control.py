"""What a supervisor and a worker say to each other, one JSON line each, before a run is claimed."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from tuiflow.model.ids import RunId
from tuiflow.model.outline import FileReport

EVENT_SCHEMA = 1
"""Raised when a stored event changes so that an older reader would misread it."""
OWN_ERROR = "tuiflow's own error: "
"""Begins the last line a worker writes when what ended it was no author's doing."""


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True)


class ImportFile(_Message):
    """Import this file and report what it offers."""

    kind: Literal["ImportFile"] = "ImportFile"
    file: str
    """Absolute."""
    project: str
    """Absolute; becomes the working directory."""
    sources: dict[str, str] | None = None
    """An earlier revision's sources, to import instead of what is on disk."""
    seconds: float = 10.0
    """How long the import may take; the worker ends itself past it."""


class ClaimRun(_Message):
    """Claim this run of the imported file and execute it; the row in the database says the rest."""

    kind: Literal["ClaimRun"] = "ClaimRun"
    run_id: RunId
    workflow_name: str
    database: str
    """Path or URL."""


class CheckInput(_Message):
    """Say what of an input does not fit the model of one of the imported workflows."""

    kind: Literal["CheckInput"] = "CheckInput"
    workflow_name: str
    input: JsonValue


class Ready(_Message):
    """A blank worker waits for its file."""

    kind: Literal["Ready"] = "Ready"
    pid: int
    python: str
    tuiflow_version: str
    event_schema: int = EVENT_SCHEMA


class Imported(_Message):
    """The import ended, well or badly."""

    kind: Literal["Imported"] = "Imported"
    report: FileReport


class Misfit(_Message):
    """One thing that does not fit, and the field it stands in."""

    path: tuple[str, ...]
    message: str


class Checked(_Message):
    """What the author's model says of an input."""

    kind: Literal["Checked"] = "Checked"
    misfits: tuple[Misfit, ...] = ()


class Claimed(_Message):
    """The run is this worker's now; the control channel closes after this."""

    kind: Literal["Claimed"] = "Claimed"
    run_id: RunId


class Refused(_Message):
    """The worker could not claim the run, and says why."""

    kind: Literal["Refused"] = "Refused"
    run_id: RunId
    reason: str


ToWorker = Annotated[ImportFile | CheckInput | ClaimRun, Field(discriminator="kind")]
FromWorker = Annotated[Ready | Imported | Checked | Claimed | Refused, Field(discriminator="kind")]
TO_WORKER: TypeAdapter[ToWorker] = TypeAdapter(ToWorker)
FROM_WORKER: TypeAdapter[FromWorker] = TypeAdapter(FromWorker)
