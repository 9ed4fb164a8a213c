import os
import signal
import sys
from pathlib import Path

import pytest
from anyio import create_task_group

from tests.supervisor.project import Project, closing

BARE = Path(sys.executable).resolve()
"""The interpreter without what its environment has installed."""
FLOW = """
def count(step_input):
    return 1

workflow = Workflow(name="count", steps=[Step(name="count", executor=count)])
"""


async def test_a_good_file_reports_its_workflows_with_their_lines(project: Project):
    file = project.write("flows/count.py", FLOW)

    async with closing(project.workers()) as workers:
        report = await workers.probe(file)

    assert report.failure is None
    [outline] = report.workflows
    assert (outline.name, outline.line) == ("count", 7)
    assert list(report.sources) == [str(file)]
    assert not report.keeps_threads


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("import sys\nsys.exit(3)", "SystemExit", "calls sys.exit(3)"),
        ("raise KeyError('EUR')", "KeyError", "EUR"),
        ("x = (", "SyntaxError", "never closed"),
        ("import no_such_thing", "ModuleNotFoundError", "in "),
        ("import os\nos._exit(3)", "WorkerError", "without a word"),
        ("import ctypes\nctypes.string_at(0)", "SIGSEGV", "broken.py:2"),
        ("import os\nos.abort()", "SIGABRT", "broken.py:2"),
    ],
)
async def test_a_broken_file_says_why_and_where(project: Project, text: str, kind: str, words: str):
    file = project.write("broken.py", text, header="")

    async with closing(project.workers()) as workers:
        report = await workers.probe(file)

    assert report.failure is not None
    assert report.failure.type == kind
    assert words in report.failure.message
    if kind != "WorkerError":
        assert any(frame.file == str(file) for frame in report.failure.frames)
    assert report.hashes[str(file)]


async def test_an_import_that_never_ends_is_ended_and_its_line_named(project: Project):
    file = project.write("forever.py", "import time\nwhile True:\n    time.sleep(1)", header="")

    async with closing(project.workers(import_seconds=0.5)) as workers:
        report = await workers.probe(file)

    assert report.failure is not None
    assert report.failure.type == "TimeoutError"
    assert f"did not end in 0.5 s; it was at {file}:3" in report.failure.message


async def test_what_a_dying_import_said_last_is_kept(project: Project):
    text = "import os\nprint('one', flush=True)\nos.system('echo two')\nos._exit(1)"
    file = project.write("quits.py", text, header="")

    async with closing(project.workers()) as workers:
        report = await workers.probe(file)

    assert report.failure is not None
    assert report.failure.notes == ("one", "two")


async def test_print_at_import_does_not_reach_the_screen(
    project: Project, capfd: pytest.CaptureFixture[str]
):
    text = "import os\nprint('loud')\nos.system('echo louder; echo loudest >&2')"
    file = project.write("loud.py", text, header="")

    async with closing(project.workers()) as workers:
        await workers.probe(file)

    assert capfd.readouterr() == ("", "")


async def test_a_file_killed_from_outside_is_a_failure_and_the_next_probe_works(project: Project):
    file = project.write("dies.py", f"import os\nos.kill(os.getpid(), {signal.SIGKILL})", header="")
    good = project.write("count.py", FLOW)

    async with closing(project.workers()) as workers:
        dead = await workers.probe(file)
        report = await workers.probe(good)

    assert dead.failure is not None
    assert report.failure is None


async def test_an_interpreter_without_tuiflow_says_what_to_install(
    project: Project, tmp_path: Path
):
    bare = tmp_path / "bare" / "python"
    bare.parent.mkdir()
    bare.write_text(f'#!/bin/sh\nexec {BARE} -S "$@"\n')
    bare.chmod(0o755)
    file = project.write("count.py", FLOW)

    async with closing(project.workers(python=bare)) as workers:
        report = await workers.probe(file)

    assert report.failure is not None
    assert report.failure.message == (
        f"tuiflow is not installed in {bare}: run `uv add --dev tuiflow` (or pip install tuiflow)"
    )


async def test_an_interpreter_that_is_not_there_is_named(project: Project):
    file = project.write("count.py", FLOW)

    async with closing(project.workers(python=project.folder / "none")) as workers:
        report = await workers.probe(file)

    assert report.failure is not None
    assert str(project.folder / "none") in report.failure.message


async def test_a_save_during_the_import_is_imported_again(project: Project):
    file = project.write(
        "slow.py",
        """
        from pathlib import Path
        marker = Path("seen")
        if not marker.exists():
            marker.touch()
            Path(__file__).write_text(Path(__file__).read_text().replace("old", "new"))
        workflow = Workflow(name="old", steps=[Step(name="s", executor=print)])
        """,
    )

    async with closing(project.workers()) as workers:
        report = await workers.probe(file)

    assert [outline.name for outline in report.workflows] == ["new"]


async def test_two_saves_within_a_second_and_of_one_size_are_told_apart(project: Project):
    text = "from part import name\n" + FLOW.replace('"count"', "name", 1)
    file = project.write("main.py", text)
    names: list[str] = []

    async with closing(project.workers()) as workers:
        for name in ("one", "two"):
            part = project.write("part.py", f"name = '{name}'", header="")
            os.utime(part, (1_700_000_000, 1_700_000_000))
            report = await workers.probe(file)
            names.append(report.workflows[0].name)

    assert names == ["one", "two"]


async def test_several_probes_at_once_all_answer(project: Project):
    files = [project.write(f"f{n}.py", FLOW.replace('"count"', f'"count{n}"', 1)) for n in range(4)]
    found: set[str] = set()

    async with closing(project.workers()) as workers:

        async def probe(file: Path) -> None:
            found.update(outline.name for outline in (await workers.probe(file)).workflows)

        async with create_task_group() as group:
            for file in files:
                group.start_soon(probe, file)

    assert found == {f"count{n}" for n in range(4)}
