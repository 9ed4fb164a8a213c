"""A real project in a folder of its own, and the command line as a real process in it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import PATIENCE

WORKFLOWS = """
import os
import time

from pydantic import BaseModel

from tuiflow import Parallel, RunContext, StepInput, Workflow


class Greeting(BaseModel):
    name: str
    times: int = 1
    loud: bool = False
    tags: list[str] = []


def greet(step_input: StepInput) -> str:
    given = step_input.input
    text = " ".join([f"hello {given.name}"] * given.times)
    return text.upper() if given.loud else text


def echo(step_input: StepInput, run_context: RunContext) -> dict:
    print("said aloud")
    run_context.progress(1, 2)
    return {"input": step_input.input, "data": step_input.additional_data}


def fail(step_input: StepInput) -> None:
    raise KeyError("EUR") from ExceptionGroup("two", [ValueError("one"), OSError("other")])


def quick(step_input: StepInput) -> str:
    return "kept"


def spin(step_input: StepInput) -> None:
    while True:
        pass


def endure(step_input: StepInput) -> None:
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            pass


def die(step_input: StepInput) -> None:
    os.kill(os.getpid(), 9)


def shout(step_input: StepInput) -> str:
    print("\\x1b]0;owned\\x07a log")
    return "\\x1b[2Jafter \\x9b31m\\x07"


Workflow(name="unreachable", steps=[quick])
greeting = Workflow(name="greeting", description="Says hello", input_schema=Greeting, steps=[greet])
echoing = Workflow(name="echo", steps=[echo])
failing = Workflow(name="failing", steps=[quick, fail])
spinning = Workflow(name="spinning", steps=[Parallel(quick, spin, name="both")])
enduring = Workflow(name="enduring", steps=[endure])
dying = Workflow(name="dying", steps=[die])
hostile = Workflow(name="hostile", steps=[shout])
"""


@dataclass
class Project:
    """A project with workflows, and the ways a person in a shell would use it."""

    folder: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "tuiflow", *words]

    @property
    def environ(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if "TUIFLOW" not in name}
        ours.pop("VIRTUAL_ENV", None)
        return ours | {"PYTHONUNBUFFERED": "", "PYTHONWARNINGS": "error::ResourceWarning"}

    def tuiflow(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return self.call(self.command(*words), stdin=stdin)

    def call(
        self, command: list[str], *, stdin: str = "", **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, as from a shell in the project's folder."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environ | environ,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def json(self, *words: str) -> list[dict[str, Any]]:
        ended = self.tuiflow(*words, "--json")
        assert ended.returncode == 0, ended.stderr
        return [json.loads(line) for line in ended.stdout.splitlines()]

    def wait_for_run(self, run_id: str, holds: str) -> None:
        """Wait until this SQL is true of the run: a command would look after lost ones too."""
        deadline = time.monotonic() + PATIENCE
        query = f"SELECT 1 FROM runs WHERE run_id = ? AND {holds}"
        with closing(sqlite3.connect(self.folder / ".tuiflow" / "tuiflow.db")) as database:
            while database.execute(query, (run_id,)).fetchone() is None:
                assert time.monotonic() < deadline, f"run {run_id} is never: {holds}"
                time.sleep(0.01)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command the way a shell does: in a process group of its own."""
        process = subprocess.Popen(
            self.command(*words),
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        self.started.append(process)
        return process

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def press_ctrl_c(process: subprocess.Popen[str]) -> None:
    """Do what a terminal does: signal the whole foreground group."""
    os.killpg(process.pid, signal.SIGINT)


def read_until(stream: Any, text: str) -> str:
    """Read lines until one holds the text; the test's own time limit ends a wait in vain."""
    for line in stream:
        if text in line:
            return line
    raise AssertionError(f"the output ended without {text!r}")


def make_project(folder: Path) -> Project:
    (folder / "workflows").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("")
    (folder / "workflows" / "some.py").write_text(WORKFLOWS)
    return Project(folder)


@pytest.fixture(scope="package")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    made = make_project(tmp_path_factory.mktemp("shared"))
    yield made
    made.end()


@pytest.fixture
def own_project(tmp_path: Path) -> Iterator[Project]:
    made = make_project(tmp_path / "own")
    yield made
    made.end()
