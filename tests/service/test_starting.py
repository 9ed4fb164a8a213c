from pathlib import Path

import pytest

from tests.service.conftest import QUICK, STRICT, finish, write
from tuiflow.errors import InputError, WorkerError, WorkflowNotFoundError
from tuiflow.model.ids import NodePath
from tuiflow.model.status import Status
from tuiflow.service import Service, open_service


async def test_a_run_is_started_again_with_the_same_big_input_and_the_code_of_today(
    project: Path, service: Service
):
    file = write(project, "quick", QUICK)
    words = " ".join(["word"] * 10_000)
    first = await service.start("quick", input=words)
    await finish(service, first)

    file.write_text(QUICK.replace("# Words", "# Changed"))
    second = await service.start_again(first)
    state = await finish(service, second)

    one, other = await service.get_run(first), await service.get_run(second)
    assert one.input == other.input
    assert one.revision != other.revision
    output = await service.read_output(state, NodePath("quick"))
    assert output is not None
    assert output.text.startswith("# Changed\n\n{'left': 10000")


async def test_the_last_good_revision_runs_while_the_file_is_broken(
    project: Path, service: Service
):
    file = write(project, "quick", QUICK)
    await service.refresh()
    file.write_text(QUICK + "\nraise KeyError('EUR')\n")
    await service.refresh()
    assert service.catalog.entries[0].failure is not None

    state = await finish(service, await service.start("quick"))

    assert state.status is Status.COMPLETED


async def test_a_wrong_input_is_refused_before_there_is_a_run(project: Path, service: Service):
    write(project, "strict", STRICT)

    with pytest.raises(InputError, match="needs 'folder'"):
        await service.start("strict", input={"limit": 2})

    assert await service.list_runs() == []


async def test_an_input_the_model_refuses_ends_the_run_with_the_sentence(
    project: Path, service: Service
):
    write(project, "strict", STRICT)

    run_id = await service.start("strict", input={"folder": ".", "limit": "many"})
    state = await finish(service, run_id)

    assert state.status is Status.ERROR
    assert state.failure is not None
    assert "limit" in state.failure.message


async def test_the_input_may_be_the_text_of_a_json_object(project: Path, service: Service):
    write(project, "strict", STRICT)

    state = await finish(service, await service.start("strict", input='{"folder": "src"}'))

    output = await service.read_output(state, NodePath("strict"))
    assert output is not None
    assert output.text == "src 3"


async def test_a_workflow_that_is_not_there_is_refused_with_what_is(
    project: Path, service: Service
):
    write(project, "quick", QUICK)

    with pytest.raises(WorkflowNotFoundError, match="no workflow 'slow': there are quick"):
        await service.start("slow")


async def test_a_run_that_no_worker_can_take_is_over_and_says_why(project: Path):
    write(project, "quick", QUICK)
    async with open_service(target=project / "workflows", watch=False) as service:
        await service.refresh()
    nowhere = project / "nowhere" / "python"

    async with open_service(target=project / "workflows", watch=False, python=nowhere) as service:
        with pytest.raises(WorkerError):
            await service.start("quick")
        runs = await service.list_runs()

    assert [run.status for run in runs] == [Status.CRASHED]
    assert runs[0].reason.startswith("not started: ")


async def test_the_first_workflow_runs(project: Path, service: Service):
    service.write_hello()

    state = await finish(service, await service.start("hello", input="ab c"))

    output = await service.read_output(state, NodePath("hello"))
    assert output is not None
    assert output.text == "# Hello\n\n- 2 words\n- the longest is **ab**\n"
