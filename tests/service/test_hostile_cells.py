"""Any cell of any table may hold anything: every question gets an answer or one clear sentence."""

import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scenes import DONE, FAILED, NESTED, NOW, PICTURES, RETRIED, Scene, write_scene
from tests.store.making import claimed, flow_started, log_of
from tuiflow.cli.event_lines import EventLines
from tuiflow.cli.run_facts import nodes_of, run_facts
from tuiflow.errors import TuiflowError
from tuiflow.model.content import StoredContent
from tuiflow.model.event_json import event_json
from tuiflow.model.events import StepCompletedEvent, WorkflowCompletedEvent
from tuiflow.model.ids import NodePath, RunId, SessionId
from tuiflow.model.outline import NodeKind, Outline
from tuiflow.model.session import StateChanges
from tuiflow.service import EventQuery, Retention, RunRecord, Service, open_service
from tuiflow.store import (
    SqliteDb,
    folding,
    open_store,
    read_past_runs,
    read_past_state,
    read_session_state,
)
from tuiflow.tui.screens.home.run_rows import ListContents, list_rows
from tuiflow.workflow.reading_journal import read_past

SCENE = Scene(
    files=("daily.py", "report.py", "nightly.py"), runs=(DONE, RETRIED, PICTURES, FAILED, NESTED)
)
DEEP = "[" * 3000 + "]" * 3000
TEXTS = [
    *(
        "",
        "oops",
        "{",
        "null",
        "[]",
        "{}",
        "7",
        '"x"',
        "NaN",
        "9" * 5000,
        DEEP,
        "\0",
        "../../x",
        "é\x1b[2J",
    ),
    *(
        "pending",
        "running",
        "completed",
        "worker",
        "inline",
        "starter",
        "StepCompleted",
        "etl/[",
        "%",
    ),
    *(
        '{"type":"json","value":' + DEEP + "}",
        '{"blob":"00"}',
        '{"kind":"steps","name":"","segment":""}',
    ),
    *('{"values":7}', '{"state":{"values":{"a":{"$type":"os:system","value":1}}}}', '["StepLog"]'),
]
NOT_UTF8 = b'{"text":"\xff\xfe"}'
VALUES: dict[str, list[Any]] = {
    "TEXT": [*TEXTS, NOT_UTF8],
    "INTEGER": [0, 1, -1, 2**31, 2**63 - 1, -(2**63)],
    "REAL": [0.0, -1.0, 1e308, float("inf"), float("-inf")],
    "BLOB": [
        b"",
        b"\0",
        b"[]",
        zlib.compress(b"[]"),
        zlib.compress(b'[1,{},null,[],[]]\n["a"]\n["dancing"]\n{'),
    ],
}
EXAMPLES = 200 if "HYPOTHESIS_PROFILE" in os.environ else 10  # `make torture` tries more
TABLES = ["runs", "events", "workers", "blobs", "blob_uses", "revisions", "sessions", "snapshots"]
Damage = tuple[str, int, int, int]
damages = st.lists(
    st.tuples(
        st.sampled_from(TABLES),
        st.integers(0, 40),  # which column
        st.integers(0, 200),  # which row
        st.integers(0, 40),  # which value
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project with something in every table."""
    project = tmp_path_factory.mktemp("whole") / "shop"
    anyio.run(write_all, project)
    return project


async def write_all(project: Path) -> None:
    db = await write_scene(SCENE, project)
    async with open_store(db) as store:
        for number in range(2):
            lease = await claimed(store, session_id=SessionId("s"))
            with log_of(db, lease) as log:
                log.append(flow_started())
                state = StateChanges(values={"n": number})
                log.append(StepCompletedEvent(node_path=NodePath("etl/a"), state=state))
                log.append(
                    WorkflowCompletedEvent(
                        node_path=NodePath("etl"), content=StoredContent(value=1)
                    )
                )
        for run in await store.list_runs():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(folding, "WORTH", 1)
                await store.fold(run.run_id).catch_up()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(chosen=damages)
def test_every_question_is_answered_or_refused_in_a_sentence(
    whole: Path, tmp_path: Path, chosen: list[Damage]
):
    project = tmp_path / "shop"
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(whole, project)
    damage(project / ".tuiflow" / "tuiflow.db", chosen)

    anyio.run(ask_everything, project)


def damage(path: Path, chosen: list[Damage]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for table, column, row, value in chosen:
            columns = database.execute(
                f"SELECT name, type FROM pragma_table_info('{table}')"
            ).fetchall()
            name, kind = columns[column % len(columns)]
            count = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            given = VALUES[kind][value % len(VALUES[kind])]
            as_text = "CAST(? AS TEXT)" if kind == "TEXT" else "?"
            key = "digest" if table == "blob_uses" else "rowid"
            database.execute(
                f"UPDATE OR IGNORE {table} SET {name} = {as_text} "
                f"WHERE {key} = (SELECT {key} FROM {table} LIMIT 1 OFFSET {row % count})",
                (given,),
            )


async def ask_everything(project: Path) -> None:
    try:
        async with open_service(target=project / "workflows", watch=False) as service:
            db = SqliteDb(service.database)
            for question in questions(service):
                with suppress(TuiflowError):
                    await question()
            runs: list[RunRecord] = []
            with suppress(TuiflowError):
                runs = await service.list_runs()
            for run in runs:
                await ask_of_run(service, db, run)
            for run in runs:
                with suppress(TuiflowError):
                    await service.delete_run(run.run_id)
            with suppress(TuiflowError):
                await service.prune(await service.list_old_runs(Retention(days=0, runs=0)))
    except TuiflowError:
        return


def questions(service: Service) -> Iterator[Callable[[], Awaitable[object]]]:
    yield service.count_runs
    yield service.changed
    yield lambda: every(service.verify())
    yield lambda: shown(service)
    yield lambda: service.list_old_runs(Retention(days=0, runs=0))
    yield lambda: service.find_run("7f3a")
    for query in (
        EventQuery(),
        EventQuery(levels=frozenset({"info"}), text="x"),
        EventQuery(steps=("geo",), workers=("8*",), newest_first=True),
    ):
        yield lambda query=query: service.search(query)
        yield lambda query=query: service.count_events(query)


async def every(findings: AsyncIterator[object]) -> None:
    async for _ in findings:
        pass


async def shown(service: Service) -> None:
    runs = await service.list_runs()
    list_rows(ListContents(service.catalog, runs), NOW)
    for worker in await service.workers():
        worker.silent_for(service.now())


async def ask_of_run(service: Service, db: SqliteDb, run: RunRecord) -> None:
    json.dumps(run_facts(run))
    for question in (
        lambda: service.get_outline(run.run_id),
        lambda: service.read_run_input(run.run_id),
        lambda: remember(db, run),
        lambda: service.source_lines(run, run.file or "", 3),
        lambda: service.source_changed(run, run.file or ""),
        lambda: every(service.verify(run.run_id)),
        lambda: tell(service, run.run_id),
        lambda: show_tree(service, run.run_id),
    ):
        with suppress(TuiflowError):
            await question()
    for read in (
        lambda: read_session_state(db, run.session_id or "s"),
        lambda: read_past_runs(db, SessionId(run.session_id or "s"), run.run_id, None),
        lambda: read_past_state(db, run.run_id),
    ):
        with suppress(TuiflowError):
            read()


async def remember(db: SqliteDb, run: RunRecord) -> None:
    async with open_store(db) as store:
        journal = await read_past(store, run)
    for path in journal.gave:
        journal.changed_in(Outline(kind=NodeKind.STEP, name="a", segment=path))


async def tell(service: Service, run_id: RunId) -> None:
    lines = EventLines()
    for event in await service.events(EventQuery(run_id=run_id)):
        assert "\x1b[2J" not in "".join(lines.lines_of(event))
        json.dumps(event_json(event))


async def show_tree(service: Service, run_id: RunId) -> None:
    state = await service.fold(run_id).catch_up()
    json.dumps(await nodes_of(service, state))
    for path in list(state.nodes)[:10]:
        await service.read_input(state, path)
        await service.read_previous(state, path)
        await service.read_output(state, path)
