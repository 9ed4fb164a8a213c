"""Runs and their nodes as JSON: the shape scripts read."""

import json

from pydantic import JsonValue

from tuiflow.model.content import StoredContent, plain_json
from tuiflow.model.node_state import NodeState
from tuiflow.model.run_state import RunState
from tuiflow.service import RunRecord, Service, WorkerRecord

WHOLE = 1 << 40  # characters: no content is cut


def run_facts(run: RunRecord) -> dict[str, JsonValue]:
    """Give what is known of a run without reading its events; times are microseconds since 1970."""
    return {
        "run_id": run.run_id,
        "workflow_name": run.workflow_name,
        "session_id": run.session_id,
        "user_id": run.user_id,
        "status": run.status.value,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "reason": run.reason,
        "failure": run.failure.model_dump(mode="json") if run.failure else None,
        "file": run.file,
        "revision": run.revision,
        "episode": run.episode,
        "cancel_requested_at": run.cancel_requested_at,
        "worker": _worker_facts(run.worker) if run.worker else None,
    }


def _worker_facts(worker: WorkerRecord) -> dict[str, JsonValue]:
    return {
        "pid": worker.pid,
        "mode": worker.mode,
        "host": worker.host,
        "python": worker.python,
        "heartbeat": worker.heartbeat,
    }


async def value_of(service: Service, content: StoredContent | None) -> JsonValue:
    """Give a stored value as plain JSON; where only a preview was stored, that text."""
    if content is None:
        return None
    if not content.restorable:
        return content.preview
    if content.blob is None:
        return plain_json(content.value)
    text = (await service.read_content(content, limit=WHOLE)).text
    try:
        return json.loads(text)
    except ValueError:
        return text


async def nodes_of(service: Service, state: RunState) -> list[JsonValue]:
    """Give every node that is known, in the order of the tree."""
    facts: list[JsonValue] = []
    waiting = [state.root] if state.root else []
    while waiting:
        node = state.nodes[waiting.pop()]
        facts.append(await _node_facts(service, node))
        waiting.extend(reversed(node.children))
    return facts


async def _node_facts(service: Service, node: NodeState) -> dict[str, JsonValue]:
    return {
        "node_path": node.path,
        "kind": node.kind.value,
        "name": node.name,
        "status": node.status.value,
        "started_at": node.started_at,
        "ended_at": node.ended_at,
        "attempts": len(node.attempts),
        "content": await value_of(service, node.content),
        "failure": node.failure.model_dump(mode="json") if node.failure else None,
        "reason": node.reason,
        "decision": node.decision,
    }
