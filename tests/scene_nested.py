"""A run in whose middle another workflow runs."""

from typing import Any

from tests.scene_tapes import begun, labeled
from tests.taping import Tape, node, stored
from tuiflow.model import events as ev
from tuiflow.model.ids import RunId
from tuiflow.model.outline import NodeKind

CLEAN = node(
    NodeKind.WORKFLOW,
    "clean_orders",
    labeled("load"),
    node(
        NodeKind.PARALLEL,
        "check",
        labeled("dedupe"),
        labeled("validate"),
        labeled("convert"),
    ),
    labeled("save"),
)
NIGHTLY = node(
    NodeKind.WORKFLOW, "nightly", labeled("fetch"), CLEAN, labeled("report"), labeled("mail_it")
)
_CLEAN_RUN = RunId("0198f3a2-5c10-7d4e-9b21-6e0c5a947f3b")


def nightly_running() -> Tape:
    tape = begun(NIGHTLY, None)
    tape.add(ev.StepStartedEvent, "fetch", 0.05)
    tape.add(ev.StepCompletedEvent, "fetch", 7, content=stored({"orders": 4815}))
    inside: dict[str, Any] = {"nested_run_id": _CLEAN_RUN, "nested_depth": 1}
    here = "clean_orders"
    tape.add(ev.WorkflowStartedEvent, here, 7.1, **inside)
    tape.add(ev.StepStartedEvent, f"{here}/load", previous=tape.path("fetch"), **inside)
    tape.add(ev.StepCompletedEvent, f"{here}/load", 15, content=stored(4815), **inside)
    tape.add(ev.ParallelExecutionStartedEvent, f"{here}/check", 15.1, count=3, **inside)
    load = tape.path(f"{here}/load")
    for name in ("dedupe", "validate", "convert"):
        tape.add(ev.StepStartedEvent, f"{here}/check/{name}", previous=load, **inside)
    tape.say(f"{here}/check/dedupe", 20, "12 orders came twice")
    tape.add(ev.StepCompletedEvent, f"{here}/check/dedupe", 31, content=stored(4803), **inside)
    progress = {"done": 3120, "total": 4815, "message": "orders"}
    tape.add(ev.StepProgressEvent, f"{here}/check/validate", 52, **progress, **inside)
    return tape
