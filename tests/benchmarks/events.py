"""The event browser over a million events: pages of filters, and a frame of scrolling."""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import anyio
from textual.app import App, ComposeResult
from textual.widgets import DataTable

from tests.benchmarks.frames import SIZE, frame
from tests.benchmarks.table import Figure
from tests.scenes import SCENES, write_scene
from tuiflow.service import Service, open_service
from tuiflow.tui.app import TuiflowApp
from tuiflow.tui.screens.events.event_filter import parse_filter
from tuiflow.tui.screens.events.event_pages import EventPages
from tuiflow.tui.screens.events.event_query import query_of
from tuiflow.tui.screens.events.events import EventsScreen
from tuiflow.tui.screens.home.runs import RunsScreen

EVENTS = 1_000_000
PEER_ROWS = 10_000
FILTERS = ("", "kind:StepError", "text~zebra", "step:geo -kind:StepLog", "since:10m", "run:7f3a")
_FILL = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
INSERT INTO events (run_id, seq, at, episode, kind, node_path, body)
SELECT e.run_id, 1000 + n, e.at - (? - n) * 1000, 1, e.kind, e.node_path, e.body
FROM numbers JOIN events AS e ON e.id = 1 + n % 60
"""


def measure() -> list[Figure]:
    """Measure pages in the database and frames on the screen."""
    return anyio.run(_measure)


async def _measure() -> list[Figure]:
    async with _million() as service:
        figures = [await _first_page(service, line) for line in FILTERS]
        app = TuiflowApp(RunsScreen(service))
        async with app.run_test(size=SIZE) as pilot:
            await app.push_screen(EventsScreen(service, asked="", to_step=lambda _, __: None))
            while not isinstance(app.screen, EventsScreen) or not app.screen.table.row_count:
                await pilot.pause()
            table = app.screen.table
            ours = frame(table, table.action_cursor_up)
    peer = _Peer()
    async with peer.run_test(size=SIZE) as pilot:
        await pilot.pause(1.0)
        theirs = frame(peer.table, peer.table.action_cursor_down)
    name = f"DataTable of {PEER_ROWS:,} rows"
    return [*figures, Figure("a frame of scrolling", ours, "ms", "≤ 16 ms", name, theirs)]


@asynccontextmanager
async def _million() -> AsyncGenerator[Service]:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "shop"
        db = await write_scene(SCENES["running"], project)
        with closing(sqlite3.connect(db.db_file)) as connection, connection:
            connection.execute(_FILL, (EVENTS, EVENTS))
        async with open_service(target=project / "workflows", watch=False) as service:
            await service.refresh()
            yield service


async def _first_page(service: Service, line: str) -> Figure:
    took: list[float] = []
    for _ in range(5):
        begun = time.monotonic()
        query, _ = await query_of(service, parse_filter(line, service.now()))
        await EventPages(service).ask(query)
        took.append((time.monotonic() - begun) * 1000)
    return Figure(
        f"first page of {line or 'everything'}", statistics.median(took), "ms", "≤ 150 ms"
    )


class _Peer(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.table: DataTable[str] = DataTable()

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        table = self.table
        table.cursor_type = "row"
        table.add_columns("id", "time", "gap", "run", "kind", "step", "summary")
        table.add_rows(
            [(str(row), "14:02", "+1", "7f3a", "StepLog", "geo", "x") for row in range(PEER_ROWS)]
        )
