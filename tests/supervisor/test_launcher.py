import os
import sys
import tempfile
from pathlib import Path
from textwrap import dedent

import psutil
import pytest
from anyio import open_process

from tests.waiting import until
from tuiflow.errors import WorkerError
from tuiflow.supervisor.launcher import launch_worker


def interpreter(folder: Path, program: str) -> Path:
    """Make a stand-in for an interpreter whose tuiflow is another one."""
    script = folder / "worker.py"
    script.write_text(dedent(program))
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} {script} "$@"\n')
    python.chmod(0o755)
    return python


READY = """
import json, os, socket, sys
control = socket.socket(fileno=int(sys.argv[-1]))
if os.fork():
    os._exit(0)
os.setsid()
answer = {answer}
control.sendall(json.dumps(answer).encode() + b"\\n")
control.recv(1)
"""


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            {"kind": "Ready", "pid": 0, "python": "p", "tuiflow_version": "9.9", "event_schema": 7},
            "has tuiflow 9.9 with events of version 7",
        ),
        ({"kind": "Hello"}, "install the same in both"),
    ],
)
async def test_another_tuiflow_is_refused_with_both_versions(
    tmp_path: Path, answer: dict[str, object], words: str
):
    python = interpreter(tmp_path, READY.format(answer=answer))

    with pytest.raises(WorkerError, match=words):
        await launch_worker(python, tmp_path)


async def test_a_worker_that_is_gone_is_not_ended_again_where_its_number_is_a_strangers_by_now(
    tmp_path: Path,
):
    async with await open_process(["cat"], start_new_session=True) as stranger:
        worker = await launch_worker(Path(sys.executable), tmp_path)
        worker.kill()
        await until(lambda: not psutil.pid_exists(worker.pid))
        await worker.aclose()
        worker.pid = stranger.pid

        worker.kill()

        assert stranger.stdin is not None
        assert stranger.stdout is not None
        await stranger.stdin.send(b"I live")
        assert await stranger.stdout.receive() == b"I live"


async def test_a_machine_without_a_place_for_what_a_worker_says_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))

    with pytest.raises(WorkerError, match="a worker cannot be started: No such file"):
        await launch_worker(Path(sys.executable), tmp_path)


async def test_an_interpreter_that_fails_is_quoted(tmp_path: Path):
    python = interpreter(tmp_path, "import sys; sys.exit('no licence')")

    with pytest.raises(WorkerError, match="cannot start a worker: no licence"):
        await launch_worker(python, tmp_path)


async def test_a_worker_that_dies_before_it_is_ready_is_quoted(tmp_path: Path):
    python = interpreter(
        tmp_path,
        """
        import os, sys
        if os.fork():
            os._exit(0)
        raise ImportError("pydantic is broken")
        """,
    )

    with pytest.raises(WorkerError, match="pydantic is broken"):
        await launch_worker(python, tmp_path)


async def test_files_of_the_project_do_not_stand_in_for_pythons_own(tmp_path: Path):
    (tmp_path / "json.py").write_text("raise SystemExit('mine')")
    (tmp_path / "tuiflow.py").write_text("raise SystemExit('mine')")

    worker = await launch_worker(Path(sys.executable), tmp_path)

    assert worker.pid > 0
    worker.kill()
    await worker.aclose()


async def test_a_folder_whose_path_no_worker_can_be_told_is_named(tmp_path: Path):
    folder = tmp_path / os.fsdecode(b"\xff")

    with pytest.raises(WorkerError, match="is not UTF-8: rename"):
        await launch_worker(Path(sys.executable), folder)


async def test_what_keeps_a_worker_from_starting_is_named(tmp_path: Path):
    with pytest.raises(WorkerError, match=r"cannot enter the folder .*gone: No such file"):
        await launch_worker(Path(sys.executable), tmp_path / "gone")
    with pytest.raises(WorkerError, match=r"cannot run .*no-python: No such file"):
        await launch_worker(tmp_path / "no-python", tmp_path)
