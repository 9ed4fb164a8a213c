from pathlib import Path

from tests.workflow.ledger import Ledger
from tuiflow import StepInput, Workflow
from tuiflow.store import SqliteDb, open_store


def previous(step_input: StepInput) -> object:
    return step_input.previous_step_content


async def test_what_a_new_run_reuses_stays_when_the_run_it_came_from_is_deleted(
    ledger: Ledger, tmp_path: Path
):
    big = "large " * 10_000
    workflow = Workflow(
        name="w",
        steps=[ledger.step("a", big), ledger.step("z", previous)],
        db=tmp_path / "db",
    )
    first = await workflow.arun("tea")
    again = await workflow.arerun(first.run_id, from_path="z")

    async with open_store(SqliteDb(tmp_path / "db")) as store:
        await store.delete_run(first.run_id)
        await store.prune([])
        found = [finding.sentence async for finding in store.verify()]
    kept = await workflow.aget_run(again.run_id)
    third = await workflow.arerun(again.run_id, from_path="z")

    assert found == []
    assert kept is not None
    assert kept.content == third.content == big
    assert kept.step_results[0].content == big
    assert ledger.calls == {"a": 1, "z": 3}
