"""Canned scenes: real files, real rows and real events, so that a real service shows them.

Ids and times are fixed; what is drawn of a scene is the same on every machine and every day.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.scene_forms import DAILY_SCHEMA, PRICES_SCHEMA
from tests.scene_nested import NIGHTLY, nightly_running
from tests.scene_tapes import (
    DAILY,
    PRICES,
    REPORT,
    SEARCH,
    daily_cancelled,
    daily_crashed,
    daily_failed,
    daily_running,
    report_done,
    report_retried,
    report_with_pictures,
    search_running,
)
from tests.taping import SECOND, START, Tape, stored
from tuiflow.model.ids import Revision, RunId
from tuiflow.model.outline import FileReport, Outline, WorkflowOutline
from tuiflow.store import EventLog, Lease, NewRun, SqliteDb, Store, WorkerRecord, open_store

NOW = 1_787_500_931 * SECOND  # a Sunday in August 2026, 16:02:11 in UTC
HOST = "build-box"  # not this machine: nobody looks for the worker's process


def run_id(tail: str) -> RunId:
    """Make a fixed id that ends in four known characters."""
    return RunId(f"0198f3a2-5c10-7d4e-9b21-6e0c5a94{tail}")


REVISIONS = {
    name: Revision(start + "0" * 60)
    for name, start in (
        ("daily.py", "a1c9"),
        ("report.py", "88d1"),
        ("search.py", "3f02"),
        ("prices.py", "5b7e"),
        ("nightly.py", "c0d4"),
    )
}
DAILY_SOURCE = '''"""Loads one day of orders."""

from tuiflow import Step, Workflow


def currency(step_input):
    order = step_input.previous_step_content
    table = {"USD": 1.0, "GBP": 1.27}
    rate = table[order["ccy"]]
    return order["amount"] * rate
'''
BROKEN_SOURCE = '"""A weekly report."""\n\nfrom tuiflow import Step\n\ndef weekly(:\n    return 1\n'


@dataclass(frozen=True)
class CannedRun:
    """One run and what happened in it."""

    tail: str
    outline: Outline
    started: float
    """Seconds before now."""
    tape: Callable[[], Tape] | None
    input: object = None
    cancel_asked: float | None = None
    """Seconds before now."""


@dataclass(frozen=True)
class Scene:
    """A project as somebody finds it."""

    files: Sequence[str] = ("daily.py", "report.py", "search.py")
    broken: Sequence[str] = ()
    runs: Sequence[CannedRun] = field(default=())


RUNNING = CannedRun("7f3a", DAILY, 62.0, daily_running, {"day": "2026-08-23"})
FAILED = CannedRun("7f0c", DAILY, 3900.0, daily_failed, {"day": "2026-08-22"})
DONE = CannedRun("7e98", REPORT, 5400.0, report_done)
PICTURES = CannedRun("7e77", REPORT, 5400.0, report_with_pictures)
RETRIED = CannedRun("7e91", REPORT, 5400.0, report_retried)
NESTED = CannedRun("7f3a", NIGHTLY, 62.0, nightly_running)
SEARCHING = CannedRun("7f31", SEARCH, 16.0, search_running)
SCENES: dict[str, Scene] = {
    "empty": Scene(files=()),
    "idle": Scene(),
    "running": Scene(runs=(DONE, FAILED, SEARCHING, RUNNING)),
    "failed": Scene(runs=(DONE, FAILED)),
    "done": Scene(runs=(DONE,)),
    "stopping": Scene(runs=(DONE, replace(RUNNING, cancel_asked=1.2))),
    "cancelled": Scene(runs=(DONE, replace(FAILED, tape=daily_cancelled))),
    "crashed": Scene(runs=(DONE, replace(FAILED, tape=daily_crashed))),
    "pictures": Scene(runs=(PICTURES,)),
    "retried": Scene(runs=(RETRIED,)),
    "nested": Scene(files=("nightly.py", "report.py"), runs=(DONE, NESTED)),
    "lists": Scene(files=("prices.py",)),
    "broken": Scene(broken=("weekly.py",), runs=(DONE,)),
}
_OFFERS = {
    "daily.py": (DAILY, "Loads one day of orders, enriches them and publishes totals."),
    "report.py": (REPORT, "Counts lines, finds what is to do, and writes a report."),
    "search.py": (SEARCH, "Estimates pi until two halves agree."),
    "prices.py": (PRICES, "Compares what shops ask for the same thing."),
    "nightly.py": (NIGHTLY, "Fetches the orders, cleans them and reports."),
}
_ASKS = {"daily.py": DAILY_SCHEMA, "prices.py": PRICES_SCHEMA}


async def write_scene(scene: Scene, project: Path) -> SqliteDb:
    """Make the project's files and its database, as the scene has them."""
    folder = project / "workflows"
    folder.mkdir(parents=True)
    (project / ".tuiflow").mkdir()
    for name in scene.broken:
        (folder / name).write_text(BROKEN_SOURCE)
    db = SqliteDb(project / ".tuiflow" / "tuiflow.db")
    async with open_store(db) as store:
        for name in scene.files:
            await store.save_report(_write_file(folder / name))
        for run in scene.runs:
            await _write_run(store, db, run, folder)
    return db


def _write_file(file: Path) -> FileReport:
    source = DAILY_SOURCE if file.name == "daily.py" else "from tuiflow import Workflow\n"
    file.write_text(source)
    outline, description = _OFFERS[file.name]
    return FileReport(
        file=str(file),
        revision=REVISIONS[file.name],
        workflows=(
            WorkflowOutline(
                name=outline.name,
                description=description,
                root=outline,
                line=12,
                input_schema=_ASKS.get(file.name),
            ),
        ),
        sources={str(file): source, f"workflows/{file.name}": source},
        hashes={str(file): hashlib.sha256(source.encode()).hexdigest()},
    )


async def _write_run(store: Store, db: SqliteDb, run: CannedRun, folder: Path) -> None:
    start = NOW - round(run.started * SECOND)
    file = next(name for name, offer in _OFFERS.items() if offer[0] is run.outline)
    new = NewRun(
        run_id=run_id(run.tail),
        workflow_name=run.outline.name,
        input=stored(run.input),
        file=str(folder / file),
        created_at=start,
        outline=run.outline,
        revision=REVISIONS[file],
    )
    await store.create_run(new)
    if run.tape is None:
        return
    lease = await store.claim_run(new.run_id, _worker(new.run_id))
    assert lease is not None
    _play(run.tape(), db, lease, start)
    if run.cancel_asked is not None:
        await store.request_cancel(
            new.run_id, kill_after=NOW + round((3 - run.cancel_asked) * SECOND)
        )


def _play(tape: Tape, db: SqliteDb, lease: Lease, start: int) -> None:
    events = tape.in_order()
    # A log gives no time twice.
    times = iter([start + event.at - START + number for number, event in enumerate(events)])
    log = EventLog(db, lease, beat=False, clock=times.__next__)
    try:
        for digest, raw in tape.blobs.items():
            log.append_blob(digest, raw)
        for event in events:
            log.append(event)
    finally:
        log.close()


def _worker(run: RunId) -> WorkerRecord:
    return WorkerRecord(
        run_id=run,
        mode="worker",
        pid=8812,
        started=NOW / SECOND - 70,
        boot_id="another",
        host=HOST,
        python="/usr/bin/python3",
        heartbeat=NOW,
    )
