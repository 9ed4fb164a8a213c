"""What people can do with workflows and runs, said once: both front ends stand on it."""

from tuiflow.catalog import BrokenFile, CatalogState, Notice, WorkflowEntry
from tuiflow.service.contents import SHOWN_CHARS, ContentText
from tuiflow.service.open import open_service
from tuiflow.service.pictures import Picture
from tuiflow.service.reusing import Reuse
from tuiflow.service.run_input import RunInput
from tuiflow.service.samples import unpack_demo, write_hello
from tuiflow.service.saving import SavedMedium
from tuiflow.service.service import Service
from tuiflow.service.starting import SAME, Same, Whose
from tuiflow.service.torture import Torture, TortureReport
from tuiflow.service.typed_media import typed_media
from tuiflow.store import (
    CancelAnswer,
    EventQuery,
    Finding,
    OldRun,
    Retention,
    RunFold,
    RunRecord,
    WorkerRecord,
)

__all__ = [
    "SAME",
    "SHOWN_CHARS",
    "BrokenFile",
    "CancelAnswer",
    "CatalogState",
    "ContentText",
    "EventQuery",
    "Finding",
    "Notice",
    "OldRun",
    "Picture",
    "Retention",
    "Reuse",
    "RunFold",
    "RunInput",
    "RunRecord",
    "Same",
    "SavedMedium",
    "Service",
    "Torture",
    "TortureReport",
    "Whose",
    "WorkerRecord",
    "WorkflowEntry",
    "open_service",
    "typed_media",
    "unpack_demo",
    "write_hello",
]
