import pytest

from tests.supervisor.project import HEADER, Project
from tuiflow.service import open_service


@pytest.mark.parametrize("changed", ["double.py", "part.py", "value.txt"])
async def test_a_run_started_right_after_a_save_runs_what_was_saved(project: Project, changed: str):
    texts = {
        "double.py": """
from pathlib import Path
from part import read

STARTED = 1

def double(step_input):
    return STARTED + VALUE

VALUE = read()
workflow = Workflow(name="double", steps=[Step(name="double", executor=double)])
""",
        "part.py": """
from pathlib import Path

def read():
    return int(Path("value.txt").read_text()) + 10
""",
        "value.txt": "100",
    }
    for name, text in texts.items():
        project.write(name, text, header=HEADER if name == "double.py" else "")
    async with open_service(target=project.folder, db=str(project.db.db_file)) as service:
        await service.refresh()
        for number in range(1, 6):
            # Of one length, as a quick save often is.
            saved = {
                "double.py": texts["double.py"].replace("STARTED = 1", f"STARTED = {number}"),
                "part.py": texts["part.py"].replace("10", f"1{number}"),
                "value.txt": f"10{number}",
            }[changed]
            project.write(changed, saved, header=HEADER if changed == "double.py" else "")

            run_id = await service.start("double")

            async for _ in service.follow(run_id):
                pass
            content = (await service.get_run(run_id)).content
            assert content is not None
            assert content.value == 111 + number - (changed == "double.py")
