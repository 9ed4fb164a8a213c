from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from tests.waiting import PATIENCE
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.service import Service, open_service

QUICK = """
from tuiflow import Parallel, Step, StepInput, Workflow


def fetch(step_input: StepInput):
    print("fetching")
    return {"words": str(step_input.input or "one two").split()}


def left(step_input: StepInput):
    return len(step_input.previous_step_content["words"])


def right(step_input: StepInput):
    return step_input.previous_step_content["words"][0]


def last(step_input: StepInput):
    return f"# Words\\n\\n{step_input.previous_step_content}"


workflow = Workflow(name="quick", steps=[fetch, Parallel(left, right, name="both"), last])
"""

SPIN = """
from tuiflow import Workflow


def first():
    return "done"


def spin():
    while True:
        pass


workflow = Workflow(name="spin", steps=[first, spin])
"""

STUBBORN = """
import time

from tuiflow import Workflow


def stubborn():
    while True:
        try:
            while True:
                time.sleep(0.01)
        except BaseException:
            pass


workflow = Workflow(name="stubborn", steps=[stubborn])
"""

STRICT = """
from pydantic import BaseModel

from tuiflow import StepInput, Workflow


class Report(BaseModel):
    folder: str
    limit: int = 3


def show(step_input: StepInput):
    return f"{step_input.input.folder} {step_input.input.limit}"


workflow = Workflow(name="strict", steps=[show], input_schema=Report)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "workflows").mkdir()
    (tmp_path / ".tuiflow").mkdir(mode=0o700)
    return tmp_path


@pytest.fixture
async def service(project: Path) -> AsyncIterator[Service]:
    """A service with nothing in the background, as the command line has it."""
    async with open_service(target=project / "workflows", watch=False) as service:
        yield service


def write(project: Path, name: str, text: str) -> Path:
    file = project / "workflows" / f"{name}.py"
    file.write_text(text)
    return file


async def finish(service: Service, run_id: RunId) -> RunState:
    state = RunState()
    with anyio.fail_after(PATIENCE):
        async for batch in service.follow(run_id):
            state = state.after(batch)
    return state


async def wait_for(service: Service, run_id: RunId, path: str, status: Status) -> RunState:
    state = RunState()
    with anyio.fail_after(PATIENCE):
        async for batch in service.follow(run_id):
            state = state.after(batch)
            node = state.nodes.get(NodePath(path))
            if node is not None and node.status is status:
                return state
    raise AssertionError(f"{path} was never {status}: {state.nodes}")
