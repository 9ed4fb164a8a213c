"""What is said before a run goes on on code that was edited since, with files really edited."""

from pathlib import Path

from tuiflow.model.events import StepReusedEvent, WorkflowResumedEvent
from tuiflow.model.ids import RunId
from tuiflow.model.status import Status
from tuiflow.service import Service, open_service

FLOW = """
from pathlib import Path

import prices
from tuiflow import Condition, Loop, StepInput, Workflow

FACTOR = 2


def fetch(step_input: StepInput) -> int:
    return prices.price() * FACTOR


def turn(step_input: StepInput) -> str:
    return "turned"


def is_big(step_input: StepInput) -> bool:
    return True


def last(step_input: StepInput) -> str:
    if not Path("may go on").exists():
        raise RuntimeError("not yet")
    return f"paid {step_input.get_step_content('fetch')}"


workflow = Workflow(
    name="pay",
    steps=[
        fetch,
        Loop(steps=[turn], max_iterations=2, name="again"),
        Condition(evaluator=is_big, steps=[last], name="big"),
    ],
)
"""


class Pay:
    """A project whose only workflow fails until it may go on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "workflows" / "pay.py"
        self.file.parent.mkdir()
        (folder / "pyproject.toml").touch()
        self.file.write_text(FLOW)
        (folder / "workflows" / "prices.py").write_text("def price():\n    return 21\n")

    def edit(self, old: str, new: str, file: str = "pay.py") -> None:
        path = self.folder / "workflows" / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    async def end(self, service: Service, run_id: RunId) -> Status:
        async for _ in service.follow(run_id):
            pass
        return (await service.get_run(run_id)).status


async def test_steps_decisions_and_files_that_changed_between_run_and_resume_are_named(
    tmp_path: Path,
):
    pay = Pay(tmp_path)
    async with open_service(target=tmp_path / "workflows", watch=False) as service:
        await service.refresh()
        run_id = await service.start("pay")
        assert await pay.end(service, run_id) is Status.ERROR

        same = await service.foresee(run_id)
        pay.edit("FACTOR = 2", "FACTOR = 3")
        pay.edit('"turned"', '"turned round"')
        pay.edit("return True", "return step_input is not None")
        pay.edit("21", "22", "prices.py")
        await service.refresh()
        found = await service.foresee(run_id)

        assert same.steps == ("pay/fetch", "pay/again[1]/turn", "pay/again[2]/turn")
        assert same.warnings == ()
        assert found.steps == same.steps
        assert found.changed == ("pay/fetch", "pay/again/turn", "pay/big")
        assert found.files == ("workflows/pay.py", "workflows/prices.py")
        assert found.sentences == (
            "Reused and not run: fetch, turn (2 times).",
            "Changed since they ran, and reused all the same: fetch, turn, big.",
            "Files that read differently since: workflows/pay.py, workflows/prices.py.",
        )


async def test_the_run_that_goes_on_records_how_much_is_reused_and_what_of_it_has_changed(
    tmp_path: Path,
):
    pay = Pay(tmp_path)
    async with open_service(target=tmp_path / "workflows", watch=False) as service:
        await service.refresh()
        run_id = await service.start("pay")
        await pay.end(service, run_id)
        pay.edit("FACTOR = 2", "FACTOR = 3")
        (tmp_path / "may go on").touch()
        await service.refresh()

        await service.resume(run_id)
        assert await pay.end(service, run_id) is Status.COMPLETED
        events = [event async for batch in service.follow(run_id) for event in batch]

        [resumed] = [event for event in events if isinstance(event, WorkflowResumedEvent)]
        assert (resumed.reused, resumed.changed) == (3, ("pay/fetch",))
        assert (await service.get_run(run_id)).content.value == "paid 42"  # type: ignore[union-attr]


async def test_a_new_run_that_reuses_keeps_which_code_made_what_it_reuses(tmp_path: Path):
    pay = Pay(tmp_path)
    (tmp_path / "may go on").touch()
    async with open_service(target=tmp_path / "workflows", watch=False) as service:
        await service.refresh()
        first = await service.start("pay")
        assert await pay.end(service, first) is Status.COMPLETED
        pay.edit("FACTOR = 2", "FACTOR = 3")
        (tmp_path / "may go on").unlink()
        await service.refresh()

        before = await service.foresee(first, "big")
        second = await service.rerun(first, from_path="big")
        assert await pay.end(service, second) is Status.ERROR
        events = [event async for batch in service.follow(second) for event in batch]
        after = await service.foresee(second)

        assert (before.changed, before.files) == (("pay/fetch",), ("workflows/pay.py",))
        assert events[0].changed == ("pay/fetch",)  # type: ignore[union-attr]
        assert all(event.code for event in events if isinstance(event, StepReusedEvent))
        assert (after.changed, after.files) == (before.changed, before.files)
