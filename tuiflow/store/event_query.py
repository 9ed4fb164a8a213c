"""Puts the query for a page of events together from its named parts."""

import json
from typing import Any

from tuiflow.model.events import CHATTER_KINDS
from tuiflow.store.queries import sql
from tuiflow.store.records import EventQuery

FAILURES = frozenset({"WorkflowError", "WorkflowCrashed", "StepError"})
_NEWEST = 2**63 - 1  # larger than any number SQLite gives


def list_events_sql(query: EventQuery) -> tuple[str, dict[str, Any]]:
    """Give the text of the query and its parameters."""
    return _put_together("list_events", query, _order(query))


def count_events_sql(query: EventQuery) -> tuple[str, dict[str, Any]]:
    """Give the text and the parameters that count what a query asks for, up to its limit."""
    return _put_together("count_events", query, "up_to_limit")


def _put_together(first: str, query: EventQuery, last: str) -> tuple[str, dict[str, Any]]:
    params = {
        "after_id": query.after_id,
        "before_id": _NEWEST if query.before_id is None else query.before_id,
        "after_seq": query.after_seq,
        "before_seq": _NEWEST if query.before_seq is None else query.before_seq,
        "run_id": query.run_id,
        "node_path": query.node_path,
        "kinds": json.dumps(sorted(query.kinds or ())),
        "levels": json.dumps(sorted(query.levels or ())),
        "text": _pattern(query.text or ""),
        "steps": json.dumps([_glob(step) for step in query.steps]),
        "not_steps": json.dumps([_glob(step) for step in query.not_steps]),
        "workers": json.dumps(query.workers),
        "not_texts": json.dumps([_pattern(text) for text in query.not_texts]),
        "since": query.since,
        "until": query.until,
        "limit": query.limit,
    }
    return sql(first, *_filters(query), last), params


def _filters(query: EventQuery) -> list[str]:
    chosen = {
        "where_run": query.run_id is not None,
        "where_node": query.node_path is not None,
        "where_kinds": query.kinds is not None,
        # Says no more than the kinds do, but lets a run's lifecycle index be used.
        "where_lifecycle": query.kinds is not None and not query.kinds & CHATTER_KINDS,
        # The same for the index of failures over all runs.
        "where_failures": query.run_id is None and bool(query.kinds) and query.kinds <= FAILURES,
        "where_levels": query.levels is not None,
        "where_since": query.since is not None,
        "where_until": query.until is not None,
        "where_steps": bool(query.steps),
        "where_not_steps": bool(query.not_steps),
        "where_workers": bool(query.workers),
        "where_text": bool(query.text),
        "where_not_texts": bool(query.not_texts),
        "where_visible": not query.with_hidden,
    }
    return [name for name, is_asked in chosen.items() if is_asked]


def _order(query: EventQuery) -> str:
    if query.run_id is not None:
        return "newest_first_of_run" if query.newest_first else "oldest_first_of_run"
    return "newest_first" if query.newest_first else "oldest_first"


def _glob(step: str) -> str:
    # What is meant by a bracket in a path is an iteration, not a set of letters.
    return step.replace("[", "[[]")


def _pattern(text: str) -> str:
    # Bodies are JSON text, so what is looked for is written as JSON too.
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    for special in ("\\", "%", "_"):
        written = written.replace(special, f"\\{special}")
    return f"%{written}%"
