import json
from pathlib import Path

import pytest

from tests.service.conftest import QUICK, SPIN, finish, write
from tuiflow.errors import RunGoesOnError
from tuiflow.model.ids import NodePath
from tuiflow.model.status import Status
from tuiflow.service import EventQuery, Service


async def test_a_run_is_started_followed_to_its_end_and_read(project: Path, service: Service):
    write(project, "quick", QUICK)

    run_id = await service.start("quick", input="three small words", additional_data={"team": "a"})
    state = await finish(service, run_id)

    assert state.status is Status.COMPLETED
    previous, shown = await service.read_previous(state, NodePath("quick/last"))
    assert previous == "quick/both"
    assert shown is not None
    assert json.loads(shown.text) == {"left": 3, "right": "three"}
    output = await service.read_output(state, NodePath("quick"))
    assert output is not None
    assert output.language == "markdown"
    given = await service.read_input(state, NodePath("quick/last"))
    assert json.loads(given.text) == {
        "input": "three small words",
        "additional_data": {"team": "a"},
        "previous_outputs": ["fetch", "both"],
    }
    record = await service.get_run(run_id)
    assert record.status is Status.COMPLETED
    assert record.file == str(project / "workflows" / "quick.py")


async def test_lists_counts_and_events_tell_of_the_run(project: Path, service: Service):
    write(project, "quick", QUICK)

    run_id = await service.start("quick")
    await finish(service, run_id)

    assert [run.run_id for run in await service.list_runs()] == [run_id]
    assert await service.count_runs() == {Status.COMPLETED: 1}
    assert await service.find_run("last") == run_id
    logs = await service.events(EventQuery(run_id=run_id, kinds=frozenset({"StepLog"})))
    assert [getattr(event, "text", "") for event in logs] == ["fetching"]
    state = await service.fold(run_id).catch_up()
    assert state.status is Status.COMPLETED
    assert await service.workers() == []
    assert await service.database_size() > 0


async def test_something_has_changed_once_after_something_was_written(
    project: Path, service: Service
):
    write(project, "quick", QUICK)
    await service.refresh()
    await service.changed()

    assert not await service.changed()
    run_id = await service.start("quick")
    assert await service.changed()

    await finish(service, run_id)


async def test_source_lines_are_those_of_the_run_and_not_of_today(project: Path, service: Service):
    file = write(project, "quick", QUICK)
    run_id = await service.start("quick")
    await finish(service, run_id)
    file.write_text("import tuiflow\n")

    lines = await service.source_lines(await service.get_run(run_id), str(file), 6, around=1)

    assert lines == [
        (5, "def fetch(step_input: StepInput):"),
        (6, '    print("fetching")'),
        (7, '    return {"words": str(step_input.input or "one two").split()}'),
    ]
    assert await service.source_lines(await service.get_run(run_id), "/etc/passwd", 1) == []


async def test_a_run_that_is_over_can_be_deleted_and_one_that_goes_on_cannot(
    service: Service, project: Path
):
    write(project, "spin", SPIN)
    await service.refresh()
    run_id = await service.start("spin")

    with pytest.raises(RunGoesOnError, match="cancel it first"):
        await service.delete_run(run_id)
    await service.kill(run_id)
    await finish(service, run_id)
    await service.delete_run(run_id)

    assert await service.list_runs() == []
