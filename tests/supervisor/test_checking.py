"""What a standby is asked about an input before there is a run."""

from pathlib import Path

import pytest
from anyio import create_task_group

from tests.supervisor.project import Project, runs_of, settled
from tests.supervisor.test_standby import FLOW
from tests.waiting import PATIENCE, until
from tuiflow.supervisor import standby


async def test_a_standby_that_answers_while_others_come_is_no_third_one(project: Project):
    asked = slow_to_check(project)
    others = [project.write(f"f{n}.py", FLOW) for n in range(2)]
    async with runs_of(project) as runs:
        report = await runs.workers.probe(asked)
        async with create_task_group() as group:
            group.start_soon(runs.workers.check, report, "asked", {"word": "a"})
            await until(lambda: (project.folder / "asking").exists())
            for file in others:
                await runs.workers.probe(file)
            (project.folder / "go").touch()

        assert len(await settled(project, 2)) == 2


async def test_a_standby_whose_file_is_saved_while_it_answers_is_not_kept(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(standby, "CHECK_SECONDS", PATIENCE)
    asked = slow_to_check(project)
    async with runs_of(project) as runs:
        report = await runs.workers.probe(asked)
        async with create_task_group() as group:
            group.start_soon(runs.workers.check, report, "asked", {"word": "a"})
            await until(lambda: (project.folder / "asking").exists())
            await runs.workers.probe(project.write(asked.name, FLOW))
            (project.folder / "go").touch()

        assert len(await settled(project, 1)) == 1


def slow_to_check(project: Project) -> Path:
    return project.write(
        "asked.py",
        """
        import time
        from pathlib import Path
        from pydantic import BaseModel, field_validator

        class Asked(BaseModel):
            word: str

            @field_validator("word")
            @classmethod
            def wait(cls, word):
                Path("asking").touch()
                while not Path("go").exists():
                    time.sleep(0.01)
                return word

        workflow = Workflow(name="asked", input_schema=Asked, steps=[lambda step_input: None])
        """,
    )
