"""Reads a run from the service the way commands print it, page by page, and what is piped in."""

import sys
from collections.abc import AsyncIterator
from dataclasses import replace

from tuiflow.errors import InputError
from tuiflow.model.events import Event
from tuiflow.model.ids import RunId
from tuiflow.service import EventQuery, Service

PAGE = 1000  # events


async def read_events(service: Service, run_id: RunId) -> AsyncIterator[list[Event]]:
    """Yield all events a run has now, a page at a time."""
    query = EventQuery(run_id=run_id, limit=PAGE, with_hidden=True)
    while page := await service.events(query):
        yield page
        query = replace(query, after_id=page[-1].id)


def read_stdin() -> str:
    """Read all that is piped in; raises InputError."""
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise InputError("stdin is not UTF-8 text") from error
