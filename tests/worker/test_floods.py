"""Output without measure: in order, in bounded memory, and with a word about what was dropped."""

import os

import psutil
import pytest

from tests.supervisor.project import Project, Runs, runs_of
from tests.waiting import PATIENCE, until
from tuiflow.model.ids import RunId
from tuiflow.model.status import Status
from tuiflow.supervisor import end_run
from tuiflow.worker.lines import LONGEST_LINE

MEGABYTE = 1024 * 1024
LINES = int(os.environ.get("FLOOD_LINES", "30000"))  # `make torture` writes a million


async def log_texts(project: Project, step: str) -> list[str]:
    async with runs_of(project) as runs:
        text = f"{step}\nworkflow = Workflow(name='w', steps=[Step(name='s', executor=step)])\n"
        report = await runs.workers.probe(project.write("flow.py", text))
        assert report.failure is None
        run_id = await runs.start(report, "w")
        run = await runs.ended(run_id, within=max(PATIENCE, LINES / 2000))
        assert run.status is Status.COMPLETED
        texts, last = list[str](), ""
        async for page in runs.store.pages(run_id):
            texts += [event.text for event in page if event.kind == "StepLog"]
            last = page[-1].event
        assert last == "WorkflowCompleted"
        return texts


@pytest.mark.parametrize("write", ["print(n)", "os.write(1, b'%d\\n' % n)"])
async def test_very_many_lines_stand_in_order(project: Project, write: str):
    texts = await log_texts(
        project, f"def step(step_input):\n    for n in range({LINES}):\n        {write}\n"
    )

    assert texts == [str(n) for n in range(LINES)]


@pytest.mark.parametrize(
    "write",
    ["print('x' * 10 * 1024 * 1024, end='')", "subprocess.run(['head', '-c', '10M', '/dev/zero'])"],
)
async def test_ten_megabytes_without_a_line_end_are_cut_and_kept(project: Project, write: str):
    texts = await log_texts(project, f"def step(step_input):\n    {write}\n")

    assert len("".join(texts)) == 10 * MEGABYTE
    assert max(map(len, texts)) <= LONGEST_LINE


async def test_bytes_that_are_no_text_and_zeros_are_lines_like_others(project: Project):
    texts = await log_texts(
        project,
        r"""
def step(step_input):
    os.write(1, b"a\xffb\n")
    os.write(2, b"c\x00d\n")
    print("e\x00f")
    print("lone \ud800")
""",
    )

    assert sorted(texts) == sorted(["a\ufffdb", "c\x00d", "e\x00f", "lone ‹d800›"])


async def test_a_child_that_floods_fills_neither_memory_nor_the_log(project: Project):
    async with runs_of(project) as runs:
        text = """
def step(step_input):
    subprocess.run(["yes", "x" * 100])
workflow = Workflow(name="w", cancel_grace=5, steps=[Step(name="s", executor=step)])
"""
        report = await runs.workers.probe(project.write("flow.py", text))
        run_id = await runs.start(report, "w")

        await runs.event(run_id, lambda event: event.event == "StepStarted")
        await until(lambda: dropped(runs, run_id))
        worker = (await runs.store.get_run(run_id)).worker
        assert worker is not None
        memory = psutil.Process(worker.pid).memory_info().rss
        await runs.store.request_cancel(run_id, reason="enough")
        await end_run(runs.store, run_id)

        assert memory < 400 * MEGABYTE
        assert (await runs.ended(run_id)).status is Status.CANCELLED


async def dropped(runs: Runs, run_id: RunId) -> bool:
    events = await runs.store.events_after(run_id, 0, limit=2_000_000)
    return any(e.kind == "StepLog" and "of output were dropped" in e.text for e in events)
