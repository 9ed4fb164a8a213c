"""A project as a user has it: a folder with workflow files, in which tuiflow is started."""

import subprocess
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from tests.end_to_end.terminal import Terminal, open_terminal, terminal_environment

TUIFLOW = Path(sys.executable).with_name("tuiflow")

LIVE = dedent(
    """
    import time
    from pathlib import Path

    from tuiflow import Parallel, Step, StepInput, Workflow

    GATE = Path(__file__).with_name("gate")

    def first(step_input: StepInput) -> dict[str, int]:
        print("reading the orders")
        return {"orders": 41}

    def left(step_input: StepInput) -> str:
        while not GATE.exists():
            time.sleep(0.02)
        return "left is done"

    def right(step_input: StepInput) -> str:
        while not GATE.exists():
            time.sleep(0.02)
        return "right is done"

    workflow = Workflow(
        name="live",
        description="Two branches that wait for a gate.",
        steps=[
            Step(name="first", executor=first),
            Parallel(
                Step(name="left", executor=left), Step(name="right", executor=right), name="both"
            ),
        ],
    )
    """
)

SPIN = dedent(
    """
    from tuiflow import Parallel, Step, StepInput, Workflow

    def quick(step_input: StepInput) -> str:
        return "kept output of quick"

    def spin(step_input: StepInput) -> None:
        while True:
            pass

    workflow = Workflow(
        name="spin",
        steps=[
            Parallel(
                Step(name="quick", executor=quick), Step(name="spin", executor=spin), name="both"
            )
        ],
    )
    """
)


@dataclass(frozen=True)
class Project:
    """One folder, and the installed command in it."""

    folder: Path

    def write(self, name: str, text: str) -> Path:
        path = self.folder / "workflows" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def open_gate(self) -> None:
        self.write("gate", "open")

    def screen(
        self, size: tuple[int, int] = (160, 45), env: Mapping[str, str] | None = None
    ) -> AbstractContextManager[Terminal]:
        own = {"XDG_CACHE_HOME": str(self.folder / ".cache"), **(env or {})}
        return open_terminal([TUIFLOW], cwd=self.folder, size=size, env=own)

    def run(
        self, *arguments: str, timeout: float = 60, executable: Path = TUIFLOW
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(executable), *arguments],
            cwd=self.folder,
            env=terminal_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
