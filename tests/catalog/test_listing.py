from pathlib import Path

import pytest

from tests.catalog.conftest import TextProbe, names, until, write
from tuiflow.catalog import Catalog
from tuiflow.errors import WorkflowAmbiguousError, WorkflowNotFoundError


async def test_a_file_broken_from_the_start_is_listed_as_broken(running: Catalog, tmp_path: Path):
    write(tmp_path / "bad.py", "bad", "raise\n")

    await until(running, lambda state: len(state.broken) == 1)

    assert running.state.broken[0].failure.summary == "KeyError: 'EUR'"
    assert names(running.state) == ["first"]


async def test_two_files_with_one_workflow_name_are_told_apart_by_file(
    running: Catalog, tmp_path: Path
):
    write(tmp_path / "etl" / "copy.py", "first")

    await until(running, lambda state: len(state.entries) == 2)

    assert names(running.state) == ["etl/copy.py:first", "flow.py:first"]
    assert running.find("flow.py:first").file.name == "flow.py"
    with pytest.raises(WorkflowAmbiguousError, match=r"say etl/copy.py:first or flow.py:first"):
        running.find("first")


async def test_of_two_workflows_of_one_name_in_a_file_the_first_is_offered_and_it_is_said(
    running: Catalog, tmp_path: Path
):
    write(tmp_path / "flow.py", "twin", 'other = Workflow(name="twin")\n')

    await until(running, lambda state: names(state) == ["twin"])
    assert running.state.notice is not None
    assert running.state.notice.text == "flow.py defines 'twin' 2 times: the first is offered"


async def test_asking_for_a_workflow_that_is_not_there_says_what_is(
    tmp_path: Path, probe: TextProbe
):
    write(tmp_path / "flow.py", "flow")
    write(tmp_path / "bad.py", "bad", "raise\n")
    catalog = Catalog(tmp_path, tmp_path, probe=probe)
    await catalog.refresh()

    with pytest.raises(WorkflowNotFoundError, match=r"there are flow; .* bad.py:2 KeyError"):
        catalog.find("bad")
