import os
from pathlib import Path

import pytest

from tests.supervisor.project import Project, closing, runs_of
from tuiflow.model.outline import FileReport
from tuiflow.worker.importing import module_name

FLOW = 'workflow = Workflow(name="w", steps=[Step(name="s", executor=print)])\n'


async def report_of(
    project: Project, file: Path, sources: dict[str, str] | None = None
) -> FileReport:
    async with closing(project.workers(standby=False)) as workers:
        return await workers.probe(file, sources=sources)


def test_a_module_is_named_from_the_nearest_folder_that_is_no_package(tmp_path: Path):
    package = tmp_path / "app" / "flows"
    package.mkdir(parents=True)
    (tmp_path / "app" / "__init__.py").touch()
    (package / "__init__.py").touch()

    assert module_name(package / "etl.py") == (tmp_path, "app.flows.etl")
    assert module_name(package / "__init__.py") == (tmp_path, "app.flows")
    assert module_name(tmp_path / "lone.v2.py") == (tmp_path, "lone_v2")


async def test_a_file_is_a_real_module_of_its_package_and_never_main(project: Project):
    project.write("app/__init__.py", "", header="")
    project.write("app/names.py", "NAME = 'w'\n", header="")
    file = project.write(
        "app/flow.py",
        """
        from .names import NAME
        assert __name__ == "app.flow" and sys.modules[__name__].__file__ == __file__
        assert os.getcwd() == sys.path[0] and sys.argv == [__file__]
        workflow = Workflow(name=NAME, steps=[Step(name="s", executor=print)])
        """,
    )

    report = await report_of(project, file)

    assert report.failure is None
    assert {Path(path).name for path in report.hashes} == {"__init__.py", "names.py", "flow.py"}


async def test_a_file_in_a_folder_imports_what_stands_beside_it_and_in_the_project(
    project: Project,
):
    project.write("flows/near.py", "NAME = 'near'\n", header="")
    project.write("ours/far.py", "NAME = 'far'\n", header="")
    file = project.write(
        "flows/flow.py",
        """
        import near, ours.far
        workflow = Workflow(name=near.NAME + ours.far.NAME, steps=[Step(name="s", executor=print)])
        """,
    )

    report = await report_of(project, file)

    assert report.failure is None
    assert [outline.name for outline in report.workflows] == ["nearfar"]
    assert {Path(path).name for path in report.hashes} == {"near.py", "far.py", "flow.py"}


async def test_only_workflows_of_the_file_itself_are_offered(project: Project):
    project.write("shared.py", FLOW.replace('"w"', '"shared"').replace("workflow", "other"))
    file = project.write(
        "flow.py", "from shared import other\n" + FLOW + "again = workflow\nlist_of = [other]\n"
    )

    report = await report_of(project, file)

    assert [outline.name for outline in report.workflows] == ["w"]


async def test_two_workflows_of_one_name_in_a_file_are_refused_with_their_lines(
    project: Project,
):
    file = project.write("flow.py", FLOW + FLOW.replace("workflow", "second"))

    report = await report_of(project, file)

    assert report.failure is not None
    assert report.failure.message == "line 4: the workflow on line 3 is named 'w' too"


async def test_a_file_named_like_a_loaded_module_is_refused(project: Project):
    report = await report_of(project, project.write("json.py", FLOW))

    assert report.failure is not None
    assert "json.py: 'json' is the name of a loaded module: rename it" in report.failure.message


async def test_the_revision_covers_modules_and_files_opened_at_import(project: Project):
    prompt = project.write("prompts/a.md", "be kind", header="")
    part = project.write("part.py", "X = 1\n", header="")
    unused = project.write("unused.py", "X = 1\n", header="")
    file = project.write("flow.py", "import part\nopen('prompts/a.md').read()\n" + FLOW)

    revisions = [(await report_of(project, file)).revision]
    for changed in (prompt, part, unused):
        changed.write_text(changed.read_text() + "\n")
        revisions.append((await report_of(project, file)).revision)

    assert len(set(revisions[:3])) == 3
    assert revisions[3] == revisions[2]


async def test_stored_sources_are_imported_instead_of_the_disk(project: Project):
    part = project.write("pack/part.py", "NAME = 'old'\n", header="")
    (project.folder / "pack" / "__init__.py").touch()
    file = project.write("flow.py", "from pack.part import NAME\n" + FLOW.replace('"w"', "NAME"))
    old = await report_of(project, file)
    file.write_text("raise SystemExit")
    part.unlink()

    again = await report_of(project, file, sources=old.sources)

    assert again.failure is None
    assert again.revision == old.revision
    assert [outline.name for outline in again.workflows] == ["old"]


async def test_a_stored_revision_shows_its_own_lines_in_a_traceback(project: Project):
    file = project.write(
        "flow.py",
        """
        def boom(step_input):
            raise ValueError("stored")  # this line

        workflow = Workflow(name="w", steps=[Step(name="s", executor=boom)])
        """,
    )
    async with runs_of(project) as runs:
        report = await runs.workers.probe(file)
        file.write_text("# other lines\n" * 20)

        run_id = await runs.start(report, "w")
        await runs.ended(run_id)
        error = await runs.event(run_id, lambda event: event.event == "StepError")

        assert error.failure.frames[-1].source == 'raise ValueError("stored")  # this line'
        assert error.failure.frames[-1].file == str(file)


async def test_signal_handlers_set_at_import_are_put_back(project: Project):
    file = project.write(
        "flow.py",
        """
        import signal
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 60)
        def step(step_input):
            timer = signal.getitimer(signal.ITIMER_REAL)[0]
            return [signal.getsignal(signal.SIGTERM).__qualname__, timer]
        workflow = Workflow(name="w", steps=[Step(name="s", executor=step)])
        """,
    )
    async with runs_of(project) as runs:
        report = await runs.workers.probe(file)
        run = await runs.ended(await runs.start(report, "w"))

        assert run.content is not None
        assert run.content.value == ["Canceller._on_end", 0.0]


async def test_a_file_that_is_not_text_is_a_failure(project: Project):
    file = project.folder / "binary.py"
    file.write_bytes(b"\x00\xff\xfe")

    report = await report_of(project, file)

    assert report.failure is not None
    assert report.failure.type == "SyntaxError"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
async def test_a_file_that_may_not_be_read_is_a_failure(project: Project):
    file = project.write("flow.py", FLOW)
    file.chmod(0)

    report = await report_of(project, file)

    assert report.failure is not None
    assert report.failure.type == "PermissionError"
