"""Checks that a run can be left to another process: what it is given has to get there."""

import os
from dataclasses import replace

from pydantic import BaseModel

from tuiflow.engine import WorkflowDefinition
from tuiflow.errors import InputError
from tuiflow.model.content import encode_content
from tuiflow.workflow.runs import Start

_OF_THE_SCRIPT = b'"$type":"__main__:'


def for_a_worker(definition: WorkflowDefinition, start: Start) -> Start:
    """Give the start as a worker can take it; raises InputError with what cannot cross."""
    title = f"workflow {definition.name!r} cannot run in a process of its own"
    if os.name != "posix":
        raise InputError(f"{title}: workers need Linux or macOS, or WSL")
    if not os.path.isfile(definition.file):
        raise InputError(f"{title}: it is not defined in a file that a worker could import")
    if start.dependencies != definition.dependencies:
        raise InputError(
            f"{title}: dependencies= of a run stay in this process; give them to the Workflow"
        )
    _check(title, "session_state", start.session_state, "pass plain values")
    _check(title, "metadata", start.metadata, "pass plain values")
    given = start.input
    if definition.input_schema is not None and isinstance(given, BaseModel):
        # The worker makes the model of it again.
        given = given.model_dump(mode="json")
    kind = type(given).__name__
    _check(title, f"input, {kind},", given, "name it as input_schema=, or pass plain values")
    return replace(start, input=given, is_inline=False)


def _check(title: str, what: str, value: object, instead: str) -> None:
    encoded = encode_content(value)
    if not encoded.stored.restorable:
        raise InputError(f"{title}: its {what} has no stored form")
    raw = encoded.blob or encoded.stored.model_dump_json().encode()
    if _OF_THE_SCRIPT in raw:
        raise InputError(f"{title}: its {what} is a class of the script itself; {instead}")
