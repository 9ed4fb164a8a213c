"""A workflow's shape without its code: what a worker reports, a screen draws and a run keeps."""

from collections.abc import Iterator
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, JsonValue

from tuiflow.model.failure import Failure
from tuiflow.model.ids import NodePath, Revision, SessionId, child_path, root_path

CANCEL_GRACE = 3.0
"""Seconds a cancelled step may take to clean up where its workflow says nothing else."""


class NodeKind(StrEnum):
    """What a node is; the screen shows a short word of its own for each."""

    WORKFLOW = "workflow"
    STEP = "step"
    STEPS = "steps"
    PARALLEL = "parallel"
    CONDITION = "condition"
    ELSE = "else"
    LOOP = "loop"
    ROUTER = "router"
    ITERATION = "iteration"


class Outline(BaseModel):
    """One node and what stands under it; an else-branch is a child of kind `else`."""

    model_config = ConfigDict(frozen=True)

    kind: NodeKind
    name: str
    segment: str
    description: str = ""
    label: str = ""
    """What the kind adds: the evaluator's, selector's or executor's name, `max 12` for a loop."""
    code: str = ""
    """Fingerprint of the function that is called, or that decides."""
    children: tuple["Outline", ...] = ()
    cancel_grace: float = CANCEL_GRACE
    """Of a workflow: seconds a cancelled step may take to clean up."""

    def walk(self, parent: NodePath | None = None) -> Iterator[tuple[NodePath, "Outline"]]:
        """Yield every node with its path, parents first, in definition order."""
        path = child_path(parent, self.segment) if parent else root_path(self.name)
        yield path, self
        for child in self.children:
            yield from child.walk(path)


class WorkflowOutline(BaseModel):
    """A workflow as the catalog offers it; `root` is a node of kind `workflow`."""

    model_config = ConfigDict(frozen=True)

    name: str
    description: str = ""
    root: Outline
    input_schema: dict[str, JsonValue] | None = None
    """JSON Schema of the input, where the workflow has a model for it."""
    line: int = 0
    """Where in its file the workflow is defined, from 1; 0 when unknown."""
    confirm: bool = False
    workflow_id: str = ""
    session_id: SessionId | None = None
    user_id: str | None = None
    hidden_kinds: tuple[str, ...] = ()
    """Lifecycle events its author does not want to see."""


class FileReport(BaseModel):
    """What importing one workflow file gave: its workflows, or why it could not be imported."""

    model_config = ConfigDict(frozen=True)

    file: str
    """Absolute."""
    revision: Revision
    """Hash of `sources`."""
    workflows: tuple[WorkflowOutline, ...] = ()
    sources: dict[str, str] = {}
    """Every project file the import read, by absolute path; text, or base64 after `base64:`."""
    hashes: dict[str, str] = {}
    """SHA-256 of each source, by absolute path: these decide whether a revision is current."""
    failure: Failure | None = None
    python: str = ""
    seconds: float = 0.0
    keeps_threads: bool = False
    """The import left threads or children behind, so its process is not kept as a standby."""
