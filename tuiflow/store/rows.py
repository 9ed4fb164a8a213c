"""Turns records into columns and back."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue

from tuiflow.model.bulk import uncollected
from tuiflow.model.content import StoredContent
from tuiflow.model.events import CustomEvent, Event, read_event
from tuiflow.model.outline import CANCEL_GRACE, FileReport, Outline
from tuiflow.model.text import write_json
from tuiflow.store.columns import DATA, KINDS, MEDIA, OUTLINE, Columns, problem_of
from tuiflow.store.records import NewRun, RunRecord, WorkerRecord

UNREADABLE = "unreadable"


def run_columns(run: NewRun) -> dict[str, Any]:
    """Write a new run as the parameters of `create_run`."""
    return {
        "run_id": run.run_id,
        "workflow_name": run.workflow_name,
        "parent_run_id": run.parent_run_id,
        "root_run_id": run.root_run_id,
        "host_path": run.host_path,
        "session_id": run.session_id,
        "user_id": run.user_id,
        "input": write_json(run.input),
        "additional_data": None if run.additional_data is None else json.dumps(run.additional_data),
        "revision": run.revision,
        "file": run.file,
        "outline": write_json(run.outline, exclude_defaults=True) if run.outline else None,
        "cancel_grace": run.outline.cancel_grace if run.outline else None,
        "created_at": run.created_at,
        "workflow_id": run.workflow_id,
        "metadata": run.metadata.model_dump_json() if run.metadata else None,
        "session_state": run.session_state.model_dump_json() if run.session_state else None,
        "hidden_kinds": json.dumps(run.hidden_kinds) if run.hidden_kinds else None,
        "source_run_id": run.source_run_id,
        "from_path": run.from_path,
        "media": MEDIA.dump_json(run.media).decode() if run.media else None,
    }


def read_run(row: sqlite3.Row) -> RunRecord:
    """Make a record of a row of `read_runs`; what cannot be read says so itself."""
    return _read_run(row, Columns(row))


def read_outline(row: sqlite3.Row) -> Outline | None:
    """Read the shape of a run; None where there is none that can be read."""
    return Columns(row).value("outline", OUTLINE)


def run_problems(row: sqlite3.Row, with_outline: sqlite3.Row) -> list[str]:
    """Say what cannot be read of a run's rows of `read_runs` and `get_outline`."""
    columns, more = Columns(row), Columns(with_outline)
    _read_run(row, columns)
    more.value("outline", OUTLINE)
    return columns.problems + more.problems


def _read_run(row: sqlite3.Row, read: Columns) -> RunRecord:
    return RunRecord(
        run_id=row["run_id"],
        workflow_name=row["workflow_name"],
        input=read.content("input") or StoredContent(),
        additional_data=read.value("additional_data", DATA),
        revision=row["revision"],
        file=row["file"],
        created_at=row["created_at"],
        session_id=row["session_id"],
        user_id=row["user_id"],
        workflow_id=row["workflow_id"],
        metadata=read.content("metadata"),
        session_state=read.content("session_state"),
        hidden_kinds=read.value("hidden_kinds", KINDS) or (),
        media=read.value("media", MEDIA) or (),
        source_run_id=row["source_run_id"],
        from_path=row["from_path"],
        parent_run_id=row["parent_run_id"],
        root_run_id=row["root_run_id"],
        host_path=row["host_path"],
        status=read.status(),
        episode=row["episode"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        content=read.content("content"),
        failure=read.failure(),
        reason=row["reason"],
        cancel_requested_at=row["cancel_requested_at"],
        kill_after=row["kill_after"],
        cancel_grace=CANCEL_GRACE if row["cancel_grace"] is None else row["cancel_grace"],
        last_seq=row["last_seq"] or 0,
        worker=None if row["mode"] is None else read_worker(row),
    )


def worker_columns(worker: WorkerRecord) -> dict[str, Any]:
    """Write a worker as the parameters of `save_worker`."""
    return vars(worker)


def read_worker(row: sqlite3.Row) -> WorkerRecord:
    """Make a record of a row that has a worker's columns."""
    return WorkerRecord(
        run_id=row["run_id"],
        mode=row["mode"],
        pid=row["pid"],
        started=row["started"],
        boot_id=row["boot_id"],
        host=row["host"],
        python=row["python"],
        heartbeat=row["heartbeat"],
    )


def read_report(row: sqlite3.Row) -> FileReport | None:
    """Read what importing a file gave; None where it is damaged: the file is imported again."""
    try:
        return FileReport.model_validate_json(row["report"])
    except (ValueError, RecursionError):
        return None


def read_events(rows: Sequence[sqlite3.Row]) -> list[Event]:
    """Make events of rows; one that cannot be read becomes a CustomEvent that says why."""
    with uncollected():
        return [_read_event(dict(row)) for row in rows]


def _read_event(envelope: dict[str, Any]) -> Event:
    body: str = envelope.pop("body")
    try:
        return read_event(envelope, body)
    except (ValueError, TypeError, RecursionError) as error:
        data: dict[str, JsonValue] = {"kind": envelope.pop("kind"), "problem": problem_of(error)}
        return CustomEvent(**envelope, name=UNREADABLE, data=data)
