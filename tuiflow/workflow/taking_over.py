"""Which runs can go on or be taken over, and the row of one that takes over."""

from itertools import islice

from tuiflow.errors import InputError, NestedRunError
from tuiflow.model.clock import now
from tuiflow.model.content import EncodedContent
from tuiflow.model.ids import NodePath, RunId, child_path, root_path, short_id
from tuiflow.store import NewRun, RunRecord, Store
from tuiflow.workflow.reading_journal import read_pages

_MOST_NAMED = 12  # nodes


def check_goes_on(run: RunRecord, workflow_name: str, *, with_input: bool = True) -> None:
    """Refuse a run that this workflow cannot take over; raises NestedRunError, InputError."""
    if run.root_run_id is not None:
        raise NestedRunError(run.run_id, run.root_run_id)
    if run.workflow_name != workflow_name:
        what = f"run {run.run_id} is one of {run.workflow_name!r}, not of {workflow_name!r}"
        raise InputError(what)
    if with_input and not run.input.restorable:
        raise InputError(
            f"run {run.run_id} cannot go on: of its input, a {run.input.type}, "
            "only a preview was stored"
        )


async def check_start(store: Store, source: RunRecord, path: NodePath | None) -> None:
    """Refuse a node that never began in the other run; raises InputError with some that did."""
    if path is None:
        return
    seen: dict[NodePath, None] = {}
    async for page in read_pages(store, source.run_id):
        seen.update({event.node_path: None for event in page})
    if path not in seen:
        begun = ", ".join(islice(seen, 1, 1 + _MOST_NAMED)) or "none"
        raise InputError(
            f"{path} did not begin in run {short_id(source.run_id)}; what began there: {begun}"
        )


def run_again(
    source: RunRecord, run_id: RunId, path: NodePath | None, given: EncodedContent
) -> NewRun:
    """Make the row of a run that takes over from another, but for its shape."""
    blob = given.blob
    return NewRun(
        run_id=run_id,
        workflow_name=source.workflow_name,
        input=given.stored,
        additional_data=source.additional_data,
        revision=source.revision,
        file=source.file,
        created_at=now(),
        session_id=source.session_id,
        user_id=source.user_id,
        workflow_id=source.workflow_id,
        metadata=source.metadata,
        session_state=source.session_state,
        hidden_kinds=source.hidden_kinds,
        media=source.media,
        source_run_id=source.run_id,
        from_path=path,
        blobs=() if blob is None else (blob,),
    )


def whole_path(workflow_name: str, path: str) -> NodePath:
    """Put the workflow's own segment before a path that goes without it."""
    root = root_path(workflow_name)
    return NodePath(path) if path.partition("/")[0] == root else child_path(root, path)
